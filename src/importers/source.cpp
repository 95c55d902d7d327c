// A buffer that lines are taken from without copying. It grows only for a line that is longer than it.
#include "importers/source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"

namespace burstgate::importers {

namespace {

constexpr std::size_t buffer_bytes = 256u << 10;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_indent(std::string_view line) {
  const auto start = line.find_first_not_of(" \t");
  return start == line.npos ? std::string_view{} : line.substr(start);
}

std::string_view without_carriage_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_utf16(std::string_view head) {
  return head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff") || (head.size() >= 2 && head[1] == '\0');
}

}  // namespace

// Where the bytes come from: a file, or a text in memory.
class Source::Bytes {
 public:
  explicit Bytes(Descriptor file) : file_(std::move(file)) {}
  explicit Bytes(std::string text) : text_(std::move(text)) {}

  // 0 at the end, -1 with errno.
  ssize_t read(char* into, std::size_t most) {
    if (!file_.is_open()) {
      const std::size_t n = text_.copy(into, most, taken_);
      taken_ += n;
      return static_cast<ssize_t>(n);
    }
    ssize_t n = 0;
    do {
      n = ::read(file_.number(), into, most);
    } while (n < 0 && errno == EINTR);
    return n;
  }

 private:
  Descriptor file_;
  std::string text_;
  std::size_t taken_ = 0;
};

Source Source::open(const std::string& path) {
  const auto fail = [&](std::string what) {
    throw Error(Trouble::usage, {.code = "E-500", .where = path, .what = std::move(what)});
  };
  // O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) fail(fmt::format("cannot open: {}", std::strerror(errno)));
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) fail(fmt::format("cannot read: {}", std::strerror(errno)));
  if (S_ISDIR(status.st_mode)) fail("is a directory, expected a regular file");
  if (!S_ISREG(status.st_mode)) fail("is not a regular file");
  return {path, std::make_unique<Bytes>(std::move(file))};
}

Source Source::of_file(std::string name, Descriptor file) {
  ::lseek(file.number(), 0, SEEK_SET);
  return {std::move(name), std::make_unique<Bytes>(std::move(file))};
}

Source Source::of_text(std::string path, std::string text) {
  return {std::move(path), std::make_unique<Bytes>(std::move(text))};
}

Source::Source(std::string path, std::unique_ptr<Bytes> bytes)
    : path_(std::move(path)), bytes_(std::move(bytes)), buffer_(buffer_bytes, '\0') {
  while (end_ < head_bytes && read_more()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark)) begin_ = byte_order_mark.size();
  head_.assign(buffer_, begin_, std::min(end_ - begin_, head_bytes));
  if (is_utf16(head_)) {
    fail_whole(malformed, "is in UTF-16 or UTF-32, expected UTF-8",
               "save it as UTF-8, or let the tool write the file itself");
  }
}

Source::Source(Source&&) noexcept = default;
Source::~Source() = default;

std::string_view Source::first_line() const {
  const auto start = head_.find_first_not_of(" \t\r\n");
  if (start == head_.npos) return {};
  const std::string_view rest = std::string_view(head_).substr(start);
  return without_carriage_return(rest.substr(0, rest.find('\n')));
}

bool Source::has_line(std::string_view prefix) const {
  std::string_view rest = head_;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (without_indent(rest.substr(0, end)).starts_with(prefix)) return true;
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  return false;
}

// More bytes behind end_. What was taken makes room first.
bool Source::read_more() {
  if (begin_ > 0 && end_ == buffer_.size()) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  const ssize_t n = bytes_->read(buffer_.data() + end_, buffer_.size() - end_);
  if (n < 0) fail_whole("E-500", fmt::format("cannot read: {}", std::strerror(errno)));
  end_ += static_cast<std::size_t>(n);
  return n > 0;
}

std::optional<std::string_view> Source::next_line() {
  std::size_t searched = begin_;
  while (true) {
    const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
    if (found != nullptr) {
      const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      const std::string_view line(buffer_.data() + begin_, at - begin_);
      begin_ = at + 1;
      ++line_number_;
      return without_carriage_return(line);
    }
    const std::size_t unended = end_ - begin_;
    if (unended > longest_line) {
      fail(malformed, fmt::format("the line is longer than {} MiB", longest_line >> 20), {}, line_number_ + 1);
    }
    const bool more = read_more();
    searched = begin_ + unended;
    if (more) continue;
    if (begin_ == end_) return std::nullopt;
    const std::string_view line(buffer_.data() + begin_, end_ - begin_);
    begin_ = end_;
    ++line_number_;
    return without_carriage_return(line);
  }
}

const Json* Source::json() {
  if (json_) return &*json_;
  if (!first_line().starts_with('{')) return nullptr;
  while (end_ - begin_ <= max_json_bytes && read_more()) {
  }
  json_ = parse_json(std::string_view(buffer_.data() + begin_, end_ - begin_), path_);
  buffer_.clear();
  begin_ = end_ = 0;
  return &*json_;
}

void Source::fail(const char* code, std::string what, std::string hint, std::uint64_t line) const {
  if (line == 0) line = line_number_;
  if (line == 0) fail_whole(code, std::move(what), std::move(hint));  // a JSON document
  throw Error(
      Trouble::usage,
      {.code = code, .where = fmt::format("{}:{}", path_, line), .what = std::move(what), .hint = std::move(hint)});
}

void Source::fail_whole(const char* code, std::string what, std::string hint) const {
  throw Error(Trouble::usage, {.code = code, .where = path_, .what = std::move(what), .hint = std::move(hint)});
}

}  // namespace burstgate::importers
