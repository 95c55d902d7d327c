#include "baseline/baseline.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "measure/result_json.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/same_measurement.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::baseline {
namespace {

namespace fs = std::filesystem;

measure::Measurement numbered(int number) {
  measure::Measurement run = measure::sample_point();
  run.commit = std::to_string(number);
  return run;
}

TEST_CASE("runs are appended in order, replaced on request, and the oldest leave") {
  const TempFolder folder;
  const std::string path = folder / "perf/new/baseline.json";
  const measure::Measurement full = measure::sample_measurement();
  CHECK(append_run(path, full, false) == 1);
  CHECK(append_run(path, numbered(1), false) == 2);
  const auto runs = read_baseline(path);
  REQUIRE(runs.size() == 2);
  check_same(runs[0], full);
  check_same(runs[1], numbered(1));

  CHECK(append_run(path, numbered(0), true) == 1);
  for (int i = 1; i < static_cast<int>(max_runs); ++i)
    CHECK(append_run(path, numbered(i), false) == static_cast<std::size_t>(i) + 1);
  CHECK(read_baseline(path).front().commit == "0");
  CHECK(append_run(path, numbered(50), false) == max_runs);
  CHECK(read_baseline(path).front().commit == "1");
  CHECK(read_baseline(path).back().commit == "50");
  CHECK(std::distance(fs::directory_iterator(folder / "perf/new"), fs::directory_iterator()) ==
        1);  // no lock, no temp file
}

TEST_CASE("who records often pushes out his own runs, not those of another machine class or workload") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  measure::Measurement other_machine = numbered(100);
  other_machine.environment.cpu_model = "another CPU";
  measure::Measurement other_workload = numbered(101);
  other_workload.workload.digest = "another";
  append_run(path, other_machine, false);
  append_run(path, other_workload, false);
  for (int i = 0; i < static_cast<int>(max_runs); ++i) append_run(path, numbered(i), false);
  const auto runs = read_baseline(path);
  REQUIRE(runs.size() == max_runs);
  CHECK(runs[0].commit == "100");
  CHECK(runs[1].commit == "101");
  CHECK(runs[2].commit == "2");
  CHECK(runs.back().commit == "49");

  for (int i = 0; i < 26; ++i) append_run(path, other_workload, false);
  CHECK(read_baseline(path).front().commit == "100");  // the only one of its machine class
}

TEST_CASE("one result file is a baseline too, and what else a run holds is kept") {
  const TempFolder folder;
  const std::string path = folder / "result.json";
  measure::Json json = measure::to_json(numbered(1));
  json["verdict"] = "pass";
  write_plain(path, dump_json(json, 2));
  CHECK(read_baseline(path).size() == 1);
  CHECK(append_run(path, numbered(2), false) == 2);
  CHECK(read_baseline(path)[1].commit == "2");
  CHECK(parse_json(read_plain(path), path)["runs"][0]["verdict"] == "pass");
}

TEST_CASE("replacing does not need the old file to be readable") {
  const TempFolder folder;
  write_plain(folder / "b.json", "half");
  CHECK(append_run(folder / "b.json", numbered(1), true) == 1);
  CHECK(read_baseline(folder / "b.json").size() == 1);
}

TEST_CASE("case 131: temp files of killed writers are removed, those of others stay") {
  const TempFolder folder;
  write_plain(folder / ".b.json.tmp-1-0", "half");
  write_plain(folder / ".b.json.tmp-99999-7", "half");
  write_plain(folder / ".c.json.tmp-1-0", "half");
  write_plain(folder / "b.json.lock", "pid 1 on host x since 2026-01-01T00:00:00Z\n");  // left by a killed holder
  append_run(folder / "b.json", numbered(1), false);
  CHECK(fs::exists(folder / ".c.json.tmp-1-0"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 2);
}

std::string output_error(const std::string& path) {
  try {
    append_run(path, numbered(1), true);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::output);
    return error.what();
  }
  return "written";
}

TEST_CASE("case 132: where nothing can be written, the error says why") {
  const TempFolder folder;
  const auto error_at = [&](const std::string& name) {
    std::string text = output_error(folder / name);
    for (auto at = text.find(folder.path()); at != text.npos; at = text.find(folder.path()))
      text.replace(at, folder.path().size(), "T");
    return text;
  };
  write_plain(folder / "plain", "x");
  fs::create_directories(folder / "folder");
  fs::create_symlink(folder / "nowhere.json", folder / "dangling.json");
  fs::create_symlink(folder / "plain", folder / "link.json");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  fs::create_symlink(folder / "plain", folder / "c.json.lock");
  fs::create_directories(folder / "d.json.lock");

  CHECK(error_at("plain/b.json") == "T/plain/b.json: error[E-501]: cannot make the folder T/plain: Not a directory");
  CHECK(error_at("folder") == "T/folder: error[E-501]: is a directory, expected a regular file");
  CHECK(error_at("fifo") == "T/fifo: error[E-501]: is a FIFO, expected a regular file");
  const std::string link =
      "is a symbolic link, expected a regular file; links are not followed when writing; name the file itself";
  CHECK(error_at("dangling.json") == "T/dangling.json: error[E-501]: " + link);
  CHECK(error_at("link.json") == "T/link.json: error[E-501]: " + link);
  CHECK(error_at("c.json") ==
        "T/c.json: error[E-502]: cannot open the lock T/c.json.lock: Too many levels of symbolic links");
  CHECK(error_at("d.json") == "T/d.json: error[E-502]: cannot open the lock T/d.json.lock: Is a directory");
  CHECK(read_plain(folder / "plain") == "x");
  CHECK_FALSE(fs::exists(folder / "nowhere.json"));
}

TEST_CASE("result files are named after operation and UTC time") {
  const TempFolder folder;
  const std::int64_t time = 1'763'733'250;
  const std::string first = result_file_name(folder.path(), "checkout", time);
  CHECK(first == folder / "checkout_20251121_135410.json");
  write_plain(first, "");
  const std::string second = result_file_name(folder.path(), "checkout", time);
  CHECK(second == folder / "checkout_20251121_135410_2.json");
  write_plain(second, "");
  CHECK(result_file_name(folder.path(), "checkout", time) == folder / "checkout_20251121_135410_3.json");
  CHECK(result_file_name(folder.path(), "../a b/ü", time) == folder / "_._a_b____20251121_135410.json");
  CHECK(result_file_name(folder.path(), "", 0) == folder / "run_19700101_000000.json");
  CHECK(result_file_name(folder.path(), std::string(5000, 'x'), 0).size() < folder.path().size() + 130);
}

}  // namespace
}  // namespace burstgate::baseline
