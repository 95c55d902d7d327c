// Built from yaml-cpp's events rather than its nodes: nodes share aliases and forget whether a scalar was quoted, and
// by the time there is a node, a document that explodes has exploded.
#include "config/yaml_document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <sstream>

#include "base/text.hpp"
#include "config/read.hpp"
#include "config/yaml_encoding.hpp"

namespace burstgate::config {

namespace {

struct Unreadable {};  // thrown out of yaml-cpp once a limit is passed; the mistake is recorded

// Offsets and places of one text. yaml-cpp counts columns in bytes, people in characters.
class Positions {
 public:
  Positions(const std::string& text, std::string file) : text_(text), file_(std::move(file)) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  std::size_t offset(const YAML::Mark& mark) const {
    if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return text_.size();
    return std::min(text_.size(), starts_[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(mark.column));
  }

  Place place(std::size_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const std::size_t start = *(after - 1);
    int column = 1;
    for (std::size_t i = start; i < offset; ++i) {
      if ((static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80) ++column;
    }
    return Place{file_, static_cast<int>(after - starts_.begin()), column};
  }
  Place place(const YAML::Mark& mark) const { return place(offset(mark)); }

  // Blanks at the head of the mark's line that contain a tab: where, or nothing.
  std::optional<std::size_t> tab_in_indentation(const YAML::Mark& mark) const {
    if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return std::nullopt;
    std::size_t i = starts_[static_cast<std::size_t>(mark.line)];
    while (i < text_.size() && text_[i] == ' ') ++i;
    return i < text_.size() && text_[i] == '\t' ? std::optional<std::size_t>(i) : std::nullopt;
  }

  bool has_text(std::size_t offset, std::string_view expected) const {
    return std::string_view(text_).substr(offset).starts_with(expected);
  }

  // Whether the scalar that begins here is in quotes that never end; yaml-cpp takes the end of the file for the end.
  bool open_quotes(std::size_t offset) const {
    if (offset >= text_.size() || (text_[offset] != '"' && text_[offset] != '\'')) return false;
    const char quote = text_[offset];
    for (std::size_t i = offset + 1; i < text_.size(); ++i) {
      if (quote == '"' && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        if (quote == '\'' && i + 1 < text_.size() && text_[i + 1] == quote) {
          ++i;
        } else {
          return false;
        }
      }
    }
    return true;
  }

 private:
  const std::string& text_;
  std::string file_;
  std::vector<std::size_t> starts_{0};
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Positions& positions, Mistakes& mistakes) : positions_(positions), mistakes_(mistakes) {}

  Value root;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    if (positions_.has_text(positions_.offset(mark), "---")) {
      stop("E-115", mark, "a second document begins here", "a settings file holds one document");
    }
    stop("E-110", mark, "not valid YAML: text after the end of the document", "check the indentation");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(Value::Kind::null, mark, "?", anchor));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    add(make(Value::Kind::refused, mark, "?", 0));  // its anchor was reported
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Value value = make(Value::Kind::scalar, mark, tag, anchor);
    if (text.size() > max_yaml_scalar_bytes) {
      stop("E-113", mark, fmt::format("a text of {} bytes", text.size()),
           fmt::format("at most {} are allowed", max_yaml_scalar_bytes));
    }
    if (positions_.open_quotes(positions_.offset(mark))) {
      stop("E-110", mark, "not valid YAML: the quotes that begin here never end", "");
    }
    value.text = text;
    value.quoted = tag == "!";
    add(std::move(value));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(Value::Kind::sequence, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(Value::Kind::mapping, mark, tag, anchor));
  }
  void OnMapEnd() override { close(); }

 private:
  // A sequence or mapping whose end has not come yet.
  struct Open {
    Value value;
    std::optional<Entry> key;  // of a mapping: the key whose value comes next
    bool key_refused = false;
    std::map<std::string, Place> seen;
  };

  [[noreturn]] void stop(const std::string& code, const YAML::Mark& mark, const std::string& what,
                         const std::string& hint) {
    mistakes_.add(code, positions_.place(mark), what, hint);
    throw Unreadable{};
  }

  Value make(Value::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (++nodes_ > max_yaml_nodes) {
      stop("E-113", mark, fmt::format("more than {} values in one file", max_yaml_nodes), "");
    }
    Value value;
    value.kind = kind;
    value.place = positions_.place(mark);
    if (anchor != 0) {
      mistakes_.add("E-111", value.place, "anchors and aliases (&name, *name) are not supported",
                    "write the value out");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      mistakes_.add("E-112", value.place, fmt::format("the tag {} is not supported", shown_tag(tag)),
                    "write the value without it");
      value.kind = kind == Value::Kind::scalar ? Value::Kind::refused : kind;
    }
    return value;
  }

  static std::string shown_tag(const std::string& tag) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    return elided(tag.starts_with(standard) ? "!!" + tag.substr(standard.size()) : tag, 60);
  }

  void open(Value value) {
    if (stack_.size() == static_cast<std::size_t>(max_yaml_depth)) {
      mistakes_.add("E-113", value.place, fmt::format("nested deeper than {} levels", max_yaml_depth));
      throw Unreadable{};
    }
    stack_.push_back(Open{std::move(value), std::nullopt, false, {}});
  }

  void close() {
    Value value = std::move(stack_.back().value);
    stack_.pop_back();
    add(std::move(value));
  }

  void add(Value value) {
    if (stack_.empty()) {
      root = std::move(value);
      return;
    }
    Open& parent = stack_.back();
    if (parent.value.kind == Value::Kind::sequence) {
      parent.value.items.push_back(std::move(value));
    } else if (!parent.key) {
      take_key(parent, std::move(value));
    } else {
      parent.key->value = std::move(value);
      if (!parent.key_refused) parent.value.entries.push_back(std::move(*parent.key));
      parent.key.reset();
    }
  }

  void take_key(Open& parent, Value key) {
    parent.key = Entry{key.text, key.place, {}};
    parent.key_refused = true;
    if (key.kind == Value::Kind::refused) return;
    if (key.kind != Value::Kind::scalar) {
      mistakes_.add("E-116", key.place, "a key must be text", "put it in quotes");
    } else if (!key.quoted && plain_meaning(key.text) != PlainMeaning::text) {
      mistakes_.add("E-116", key.place, fmt::format("the key {} is not text", elided(key.text, 60)),
                    fmt::format("put it in quotes: \"{}\"", elided(key.text, 60)));
    } else if (const auto [first, fresh] = parent.seen.emplace(key.text, key.place); !fresh) {
      mistakes_.add("E-103", key.place, fmt::format("duplicate key '{}'", elided(key.text, 60)),
                    "it stands at " + first->second.text() + " already");
    } else {
      parent.key_refused = false;
    }
  }

  const Positions& positions_;
  Mistakes& mistakes_;
  std::vector<Open> stack_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// yaml-cpp names the rule that was broken; people need the likely cause.
std::string syntax_hint(const std::string& message) {
  if (message == YAML::ErrorMsg::END_OF_MAP_FLOW) return "a '{' has no '}'";
  if (message == YAML::ErrorMsg::END_OF_SEQ_FLOW) return "a '[' has no ']'";
  if (message == YAML::ErrorMsg::MAP_VALUE) return "check the indentation, and quote text that contains ': '";
  if (message == YAML::ErrorMsg::UNKNOWN_TOKEN) return "put text that begins with @, % or ` in quotes";
  if (message == YAML::ErrorMsg::END_OF_MAP || message == YAML::ErrorMsg::END_OF_SEQ) return "check the indentation";
  return {};
}

void report_syntax(const YAML::Exception& error, const Positions& positions, Mistakes& mistakes) {
  if (const auto tab = positions.tab_in_indentation(error.mark)) {
    mistakes.add("E-110", positions.place(*tab), "not valid YAML: a tab in the indentation", "indent with blanks");
    return;
  }
  mistakes.add("E-110", positions.place(error.mark), "not valid YAML: " + error.msg, syntax_hint(error.msg));
}

}  // namespace

std::optional<Value> parse_yaml(const std::string& text, const std::string& file, Mistakes& mistakes) {
  mistakes.quote_from(file, text);
  const Positions positions(text, file);
  if (const auto trouble = encoding_trouble(text)) {
    mistakes.add("E-114", positions.place(trouble->offset), trouble->what, trouble->hint);
    return std::nullopt;
  }
  TreeBuilder builder(positions, mistakes);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      mistakes.add("E-107", Place{file, 0, 0}, "the file is empty");
      return std::nullopt;
    }
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Unreadable&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    report_syntax(error, positions, mistakes);
    return std::nullopt;
  }
  return std::move(builder.root);
}

}  // namespace burstgate::config
