// tests/cases/importers: each file beside an .expected, which says what was read or why not, to the letter.
// UPDATE_GOLDEN=1 writes the expectations anew; the diff is reviewed.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "importers/importers.hpp"
#include "measure/result_json.hpp"
#include "unit/base/temp_folder.hpp"

namespace burstgate::importers {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(BURSTGATE_SOURCE_DIR) / "tests/cases/importers";

std::string figures(const measure::EndpointResult& endpoint, double duration_s) {
  std::vector<std::string> texts;
  for (const Metric metric : all_metrics) {
    const auto value = measure::value_of(endpoint, metric, duration_s);
    if (value) texts.push_back(fmt::format("{} {:.7g}", name(metric), *value));
  }
  return texts.empty() ? "nothing" : join(texts, ", ");
}

std::string counts(const measure::Counts& c) {
  std::string text = fmt::format("{} requests, {} ok", c.started, c.ok);
  for (std::size_t i = 0; i < measure::failure_count; ++i) {
    if (c.failures[i] > 0) text += fmt::format(", {} {}", c.failures[i], name(static_cast<measure::Failure>(i)));
  }
  for (const auto& [status, count] : c.statuses) text += fmt::format(", status {}: {}", status, count);
  if (c.body_bytes > 0) text += fmt::format(", {} bytes", c.body_bytes);
  return text;
}

std::string slices(const std::vector<measure::Slice>& slices) {
  std::string text = fmt::format("{} slices", slices.size());
  for (std::size_t i = 0; i < slices.size() && i < 6; ++i) {
    text += fmt::format(" [{:.3f}+{:.3f}: {} ok, {} failed]", slices[i].start_s, slices[i].duration_s, slices[i].ok,
                        slices[i].failed);
  }
  return text;
}

std::string result(const measure::EndpointResult& endpoint, double duration_s) {
  std::string text = figures(endpoint, duration_s);
  if (!endpoint.point) text += "\n    " + counts(endpoint.counts) + "\n    " + slices(endpoint.slices);
  return text + "\n";
}

std::string description(const measure::Measurement& m) {
  std::string text =
      fmt::format("tool {}, latency {}\n", m.tool, m.workload.fields.empty() ? "" : m.workload.fields[1].second);
  text += fmt::format("duration {:.6g} s, started at {}\n", m.duration_s, m.started_at_unix_s);
  text += "total: " + result(m.total, m.duration_s);
  for (const auto& endpoint : m.endpoints) text += fmt::format("{}: {}", endpoint.name, result(endpoint, m.duration_s));
  for (const auto& note : m.notes) text += "note: " + note + "\n";
  return text;
}

// What one file comes to. `name` stands for its path in errors.
std::string outcome(const fs::path& file) {
  const std::string name = file.filename().string();
  try {
    Source source = Source::of_text(name, read_plain(file));
    if (name.ends_with(".hlog")) source.set_value_unit_us(1e-3);
    const auto measurement = read_foreign(source);
    if (!measurement) return "not recognised\n";
    // It can be saved and read again; what that rounds (to whole nanoseconds) it rounds once.
    const auto saved = measure::to_json(*measurement);
    CHECK(measure::to_json(measure::from_json(saved, "again")) == saved);
    return description(*measurement);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return std::string(error.what()) + "\n";
  }
}

std::vector<fs::path> cases() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".expected") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("every file is read or refused as expected") {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  for (const auto& file : cases()) {
    CAPTURE(file.filename().string());
    const std::string got = outcome(file);
    const fs::path expected = file.string() + ".expected";
    if (update) write_plain(expected, got);
    CHECK(got == read_plain(expected));
  }
}

TEST_CASE("every format has a case") {
  std::vector<std::string_view> seen;
  for (const auto& file : cases()) {
    try {
      Source source = Source::of_text("f", read_plain(file));
      for (const Format& format : formats()) {
        if (!format.recognise(source)) continue;
        seen.push_back(format.name);
        break;
      }
    } catch (const Error&) {
    }
  }
  for (const Format& format : formats()) {
    CAPTURE(std::string(format.name));
    CHECK(std::count(seen.begin(), seen.end(), format.name) > 0);
  }
}

TEST_CASE("a byte order mark and CR LF change nothing") {
  for (const char* name :
       {"wrk-latency.txt", "locust-stats.csv", "k6-lines.ndjson", "vegeta-report.json", "jmeter.jtl"}) {
    CAPTURE(std::string(name));
    const std::string plain = read_plain(folder / name);
    std::string windows = "\xef\xbb\xbf";
    for (const char c : plain) windows += c == '\n' ? "\r\n" : std::string(1, c);
    Source one = Source::of_text("f", plain), other = Source::of_text("f", windows);
    CHECK(description(*read_foreign(one)) == description(*read_foreign(other)));
  }
}

// A file that ends too early is refused, or says less: it never says something else. Read at every length.
TEST_CASE("no cut-off file is an assertion") {
  for (const auto& file : cases()) {
    const std::string whole = read_plain(file);
    CAPTURE(file.filename().string());
    const std::size_t step = std::max<std::size_t>(1, whole.size() / 60);
    for (std::size_t length = 0; length < whole.size(); length += step) {
      CAPTURE(length);
      try {
        Source source = Source::of_text("f", whole.substr(0, length));
        source.set_value_unit_us(1);
        read_foreign(source);
      } catch (const Error& error) {
        CHECK(error.trouble() == Trouble::usage);
      }
    }
  }
}

TEST_CASE("a histogram of our own in an interval log comes back bucket by bucket") {
  measure::Histogram histogram;
  for (int us = 1; us < 3'000'000; us += 997) histogram.record(us);
  Source source = Source::of_text(
      "f", "#[Histogram log format version 1.3]\n10.5,2.0,3.0," + measure::encode_histogram(histogram) + "\n");
  source.set_value_unit_us(1);
  const auto m = read_foreign(source);
  REQUIRE(m.has_value());
  CHECK(m->duration_s == 2);
  for (std::size_t i = 0; i < measure::Histogram::bucket_count(); ++i) {
    if (m->total.latencies.ok.count_in(i) != histogram.count_in(i)) FAIL("bucket " << i);
  }
}

}  // namespace
}  // namespace burstgate::importers
