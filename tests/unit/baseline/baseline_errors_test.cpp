// Every file in tests/cases/baseline_errors is refused with exactly the text beside it ("FILE" stands for its path),
// and stays as it is, whether it is read or appended to. UPDATE_GOLDEN=1 rewrites the texts.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "baseline/baseline.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::baseline {
namespace {

namespace fs = std::filesystem;

std::string refusal(const std::string& path) {
  try {
    read_baseline(path);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "accepted";
}

TEST_CASE("cases 123-128, 134: a baseline that cannot be used is refused and stays untouched") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(BURSTGATE_SOURCE_DIR "/tests/cases/baseline_errors")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 35);
  const TempFolder folder;
  const measure::Measurement run = measure::sample_point();
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    const std::string copy = folder / "b.json";
    const std::string content = read_plain(file);
    write_plain(copy, content);
    std::string text = refusal(copy);
    if (const auto at = text.find(copy); at != text.npos) text.replace(at, copy.size(), "FILE");
    const std::string expected_file = fs::path(file).replace_extension(".expected").string();
    if (std::getenv("UPDATE_GOLDEN") != nullptr) write_plain(expected_file, text + "\n");
    CHECK(text + "\n" == read_plain(expected_file));
    CHECK(text.starts_with("FILE"));

    CHECK_THROWS_AS(append_run(copy, run, false), Error);
    CHECK(read_plain(copy) == content);
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) ==
          1);  // nothing left beside it
  }
}

TEST_CASE("case 123: truncated anywhere, a baseline is refused") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  append_run(path, measure::sample_measurement(20, 1), true);
  const std::string whole = read_plain(path);
  for (std::size_t length = 0; length + 2 < whole.size(); length += 37) {  // the last bytes are "}" and a newline
    write_plain(path, whole.substr(0, length));
    CAPTURE(length);
    CHECK(refusal(path).starts_with(path));
  }
  write_plain(path, whole.substr(0, whole.size() - 2));
  CHECK(refusal(path).starts_with(path));
}

TEST_CASE("case 125: a file above 64 MiB is refused before it is read") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  write_plain(path, "");
  REQUIRE(::truncate(path.c_str(), static_cast<off_t>(max_json_bytes) + 1) == 0);
  CHECK(refusal(path) == path + ": error[E-500]: is too large; at most 67108864 bytes are read");
  REQUIRE(::truncate(path.c_str(), off_t{1} << 40) == 0);
  CHECK(refusal(path) == path + ": error[E-500]: is too large; at most 67108864 bytes are read");
}

TEST_CASE("case 122: a missing file is an error with its path") {
  const TempFolder folder;
  CHECK(refusal(folder / "none.json") ==
        (folder / "none.json") + ": error[E-500]: cannot open: No such file or directory");
}

}  // namespace
}  // namespace burstgate::baseline
