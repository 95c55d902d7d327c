// One line per sample: when it started, how long it took, under which label. Columns and delimiter are configurable,
// and the header may be missing. Rows of transaction controllers repeat the samples inside them and are left out.
#include "importers/jmeter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Failure;
using measure::Measurement;

constexpr std::string_view first_column = "timeStamp";
constexpr std::string_view delimiters = ",;\t|";

// As JMeter writes them unless told otherwise.
constexpr std::array<std::string_view, 17> default_columns = {
    "timeStamp",  "elapsed", "label",          "responseCode", "responseMessage", "threadName",
    "dataType",   "success", "failureMessage", "bytes",        "sentBytes",       "grpThreads",
    "allThreads", "URL",     "Latency",        "IdleTime",     "Connect"};

bool has_header(std::string_view line) {
  return line.starts_with(first_column) && line.size() > first_column.size() &&
         delimiters.find(line[first_column.size()]) != delimiters.npos;
}

// 13 digits, a delimiter, digits: epoch and elapsed, both in ms.
bool looks_like_a_row(std::string_view line) {
  constexpr std::size_t epoch_digits = 13;
  constexpr std::string_view digits = "0123456789";
  const auto end = line.find_first_not_of(digits);
  if (end != epoch_digits || delimiters.find(line[end]) == delimiters.npos) return false;
  const char delimiter = line[end];
  const std::string_view rest = line.substr(end + 1);
  const auto elapsed_end = rest.find_first_not_of(digits);
  if (elapsed_end == rest.npos || elapsed_end == 0 || rest[elapsed_end] != delimiter) return false;
  const auto wanted = static_cast<std::ptrdiff_t>(default_columns.size()) - 1;
  return std::count(line.begin(), line.end(), delimiter) >= wanted;
}

char delimiter_of(std::string_view line) {
  return line[line.find_first_of(delimiters)];
}

struct Cause {
  std::string_view word;
  Failure failure;
};
// In the order in which they are looked for in "Non HTTP response code: java.net.SocketTimeoutException".
constexpr Cause causes[] = {
    {"ConnectTimeout", Failure::connect_timeout},
    {"SocketTimeout", Failure::timeout},
    {"HttpHostConnect", Failure::refused},
    {"ConnectException", Failure::refused},
    {"UnknownHost", Failure::connect},
    {"NoRouteToHost", Failure::connect},
    {"SSL", Failure::connect},
    {"NoHttpResponse", Failure::closed},
    {"SocketException", Failure::reset},
    {"EOFException", Failure::truncated},
};

// A sample that was not a success although its status was one broke an assertion.
Failure failure_of(std::string_view code, int status) {
  constexpr int first_error = 400;
  if (status >= first_error) return Failure::status;
  if (status > 0) return Failure::check;
  for (const auto& [word, failure] : causes) {
    if (code.find(word) != code.npos) return failure;
  }
  return Failure::protocol;
}

// Epoch milliseconds, or JMeter's other form "2026/11/21 13:15:54.102", taken as UTC.
std::optional<std::int64_t> time_in(std::string_view text) {
  if (const auto epoch = epoch_in(text)) return epoch->us;
  std::string form(text);
  for (char& c : form) c = c == '/' ? '-' : c;
  return rfc3339_us(form + "Z");
}

struct Columns {
  std::size_t time, elapsed, label, success;
  std::optional<std::size_t> code, message, type, bytes;
};

Columns columns_of(const CsvHeader& header, const Source& source) {
  return {header.need(source, first_column), header.need(source, "elapsed"),
          header.need(source, "label"),      header.need(source, "success"),
          header.find("responseCode"),       header.find("responseMessage"),
          header.find("dataType"),           header.find("bytes")};
}

class Samples {
 public:
  Samples(const Source& source, CsvReader& csv, const Columns& columns)
      : source_(source), csv_(csv), columns_(columns), points_(source, "give samplers of one kind the same name") {}

  void add() {
    if (is_transaction()) {
      ++transactions_;
      return;
    }
    const auto started_us = time_in(csv_[columns_.time]);
    if (!started_us) {
      source_.fail(malformed, fmt::format("timeStamp: expected milliseconds since 1970, got \"{}\"",
                                          elided(csv_[columns_.time], 60)));
    }
    const auto elapsed_us = need_time_us(source_, csv_[columns_.elapsed], "elapsed", us_per_ms);
    const std::string_view success = csv_[columns_.success];
    if (success != "true" && success != "false") {
      source_.fail(malformed, fmt::format("success: expected true or false, got \"{}\"", elided(success, 60)));
    }
    RawPoint point{.ended_us = *started_us + elapsed_us, .latency_us = elapsed_us, .endpoint = csv_[columns_.label]};
    const std::string_view code = field(columns_.code);
    point.status = status_in(code);
    if (success == "false") point.failure = failure_of(code, point.status);
    if (columns_.bytes) point.bytes = count_in(csv_[*columns_.bytes]).value_or(0);
    points_.add(point);
  }

  Measurement finish() {
    Measurement measurement;
    describe_origin(measurement, {"JMeter", "JTL (CSV)", "the whole sample, with connecting", "whole ms", "1 ms"});
    points_.finish(measurement);
    if (transactions_ > 0) {
      measurement.notes.push_back(
          fmt::format("{} rows of transaction controllers left out: they repeat their samples", transactions_));
    }
    return measurement;
  }

 private:
  std::string_view field(const std::optional<std::size_t>& column) const {
    return column ? csv_[*column] : std::string_view{};
  }
  bool is_transaction() const {
    return field(columns_.type).empty() && field(columns_.message).starts_with("Number of samples in transaction");
  }

  const Source& source_;
  CsvReader& csv_;
  Columns columns_;
  RawPoints points_;
  std::uint64_t transactions_ = 0;
};

}  // namespace

bool is_jmeter_csv(Source& source) {
  return has_header(source.first_line()) || looks_like_a_row(source.first_line());
}

Measurement read_jmeter_csv(Source& source) {
  const std::string_view first = source.first_line();
  CsvReader csv(source, delimiter_of(first));
  const bool header_there = has_header(first);
  const CsvHeader header =
      header_there ? CsvHeader::read(csv, source) : CsvHeader({default_columns.begin(), default_columns.end()});
  Samples samples(source, csv, columns_of(header, source));
  while (csv.next_of(header.size())) samples.add();
  return samples.finish();
}

}  // namespace burstgate::importers
