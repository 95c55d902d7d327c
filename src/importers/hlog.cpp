// Each line is an interval: its start and length in seconds, its maximum, and its histogram in V2 compressed form. A
// tag before them names what was measured. In which unit the values are is nowhere written: the user must say it.
//
// The value of the i-th count, for histograms of any layout: org.HdrHistogram.AbstractHistogram.valueFromIndex().
#include "importers/hlog.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <stdexcept>

#include "base/text.hpp"
#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/values.hpp"
#include "measure/hdr_bytes.hpp"
#include "measure/zigzag.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;

constexpr std::string_view first_words = "#[Histogram log format version";
constexpr std::string_view legend = "\"StartTimestamp\"";
constexpr std::size_t largest_outer = 2u << 20, largest_inner = 2u << 20;
constexpr std::uint64_t largest_count = std::uint64_t{1} << 53;

// Where the values of counts lie.
class Layout {
 public:
  explicit Layout(const measure::HdrHeader& header) {
    constexpr std::uint32_t most_digits = 5;
    const bool known = header.significant_digits <= most_digits && header.normalizing_offset == 0 &&
                       header.lowest > 0 && header.conversion_ratio > 0 && std::isfinite(header.conversion_ratio);
    if (!known) measure::refuse_hdr("a layout that is not known");
    unit_ = static_cast<int>(std::bit_width(header.lowest)) - 1;
    const double single = 2 * std::pow(10, header.significant_digits);
    half_bits_ = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(single) - 1)) - 1;
    ratio_ = header.conversion_ratio;
  }

  // The highest value that falls into the i-th bucket, as in measure/histogram.hpp.
  double highest_in(std::uint64_t index) const {
    const std::uint64_t half = std::uint64_t{1} << half_bits_;
    const std::uint64_t power = index >> half_bits_;
    const std::uint64_t shift = (power == 0 ? 0 : power - 1) + static_cast<std::uint64_t>(unit_);
    const std::uint64_t sub_bucket = power == 0 ? index : (index & (half - 1)) + half;
    return (std::ldexp(static_cast<double>(sub_bucket + 1), static_cast<int>(shift)) - 1) * ratio_;
  }

 private:
  int unit_ = 0;
  int half_bits_ = 0;
  double ratio_ = 1;
};

// Calls take(value, count) for each bucket that is used. std::invalid_argument when it is no such histogram.
template <typename Take>
void each_bucket(std::string_view base64, Take take) {
  const std::string plain = measure::hdr_inner(base64, largest_outer, largest_inner);
  std::string_view inner = plain;
  const Layout layout(measure::take_hdr_header(inner));
  constexpr std::uint64_t most_buckets = std::uint64_t{1} << 24;
  std::uint64_t index = 0;
  while (!inner.empty()) {
    const auto number = measure::take_zigzag(inner);
    if (!number) measure::refuse_hdr("truncated inside a count");
    if (*number < 0) {
      index += std::uint64_t{0} - static_cast<std::uint64_t>(*number);
    } else {
      if (static_cast<std::uint64_t>(*number) > largest_count) measure::refuse_hdr("too large: a count");
      if (*number > 0) take(layout.highest_in(index), static_cast<std::uint64_t>(*number));
      ++index;
    }
    if (index > most_buckets) measure::refuse_hdr("too large: more buckets than a layout has");
  }
}

class Intervals {
 public:
  Intervals(const Source& source, double unit_us)
      : source_(source), unit_us_(unit_us), points_(source, "use fewer tags") {}

  // [Tag=name,]start,length,maximum,histogram
  void add(const CsvReader& line) {
    constexpr std::string_view tag_word = "Tag=";
    constexpr std::size_t fields = 4;
    const bool tagged = line.size() > 0 && line[0].starts_with(tag_word);
    const std::size_t first = tagged ? 1 : 0;
    if (line.size() != fields + first) {
      source_.fail(malformed, fmt::format("expected {} fields, got {}", fields + first, line.size()),
                   "is the file cut off here?");
    }
    const std::string name = tagged ? std::string(line[0].substr(tag_word.size())) : "all";
    constexpr double latest_s = 1e10;
    const double start_s = need_number(source_, line[first], "start");
    if (start_s > latest_s) source_.fail(malformed, "start: not a time in seconds");
    const std::int64_t start_us = std::llround(start_s * us_per_s);
    const std::int64_t length_us = need_time_us(source_, line[first + 1], "length", us_per_s);
    if (points_.count() == 0) points_.set_intervals(start_us, length_us);
    try {
      each_bucket(line[first + 3],
                  [&](double value, std::uint64_t count) { add_bucket(name, start_us + length_us / 2, value, count); });
    } catch (const std::invalid_argument& reason) {
      source_.fail(malformed, fmt::format("not a histogram in HdrHistogram V2 form: {}", reason.what()));
    }
    if (points_.count() > 0) points_.cover(start_us, start_us + length_us);
  }

  Measurement finish() {
    Measurement measurement;
    describe_origin(measurement, {"HdrHistogram log", "intervals", "as its writer had it", "what you said"});
    points_.finish(measurement);
    measurement.notes.emplace_back("failures are not in the file");
    return measurement;
  }

 private:
  void add_bucket(const std::string& name, std::int64_t middle_us, double value, std::uint64_t count) {
    constexpr double most_us = 30.0 * 24 * 3600 * us_per_s;
    const double us = value * unit_us_;
    if (us > most_us) source_.fail(malformed, "a time above 30 days", "is it another unit?");
    RawPoint point{.ended_us = middle_us, .latency_us = std::llround(us), .endpoint = name};
    point.times = count;
    points_.add(point);
  }

  const Source& source_;
  double unit_us_;
  RawPoints points_;
};

}  // namespace

bool is_hlog(Source& source) {
  return source.has_line(first_words) || source.first_line().starts_with(legend);
}

Measurement read_hlog(Source& source) {
  if (!source.value_unit_us()) {
    source.fail_whole(not_read, "an HdrHistogram log does not say in which unit its values are",
                      "add --value-unit ns, us, ms or s, as the program that wrote it recorded them");
  }
  CsvReader csv(source, ',', CsvReader::Quotes::plain);
  Intervals intervals(source, *source.value_unit_us());
  while (csv.next()) {
    if (csv[0].starts_with('#') || csv[0].starts_with(legend)) continue;
    intervals.add(csv);
  }
  return intervals.finish();
}

}  // namespace burstgate::importers
