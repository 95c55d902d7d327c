// What the tool is told about the service stands in its arguments: there is no shell that could put it there.
#include "config/exec_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/service_reader.hpp"

namespace burstgate::config {

namespace {

constexpr DurationRange timeouts{std::chrono::seconds(1), std::chrono::hours(24)};
constexpr std::string_view stdout_word = "stdout";

bool has_output_mark(const std::string& text) {
  return text.find(output_mark) != std::string::npos;
}

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

// A file that is named in the command and read nowhere else is the results' file.
std::string read_reads(const std::optional<Placed<std::string>>& written, const Exec& exec, Mistakes& mistakes) {
  if (!written) return writes_output(exec) ? std::string(output_mark) : "";
  if (written->value == stdout_word) return "";
  if (has_output_mark(written->value) && !writes_output(exec)) {
    mistakes.add("E-106", written->place, "reads: {output}, and the command does not write it",
                 "tell the command to write its results to \"{output}\"");
  }
  return written->value;
}

}  // namespace

bool writes_output(const Exec& exec) {
  return std::any_of(exec.command.begin(), exec.command.end(),
                     [](const Secretive& argument) { return has_output_mark(argument.text); });
}

std::optional<Exec> read_exec(const Value& value, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  Exec exec;
  exec.place = value.place;
  exec.folder = folder_of(value.place.file);
  bool command = false;
  std::optional<Placed<std::string>> reads;
  const auto read_argv = [&](const Entry& entry) {
    command = true;
    exec.command = read_command(entry.value, reading);
  };
  const auto read_file = [&](const Entry& entry) {
    const auto text = read_line(entry.value, "reads", mistakes);
    const auto filled = text ? filled_in(*text, entry.value.place, reading) : std::nullopt;
    if (filled) reads = Placed<std::string>{filled->text, entry.value.place};
  };
  const auto read_times = [&](const Entry& entry) {
    exec.times = static_cast<int>(read_integer(entry.value, "times", {1, max_exec_times}, mistakes).value_or(1));
  };
  const auto read_timeout = [&](const Entry& entry) {
    exec.timeout = read_duration(entry.value, "timeout", timeouts, mistakes).value_or(exec.timeout);
  };
  const std::vector<Field> fields = {
      {"command", read_argv}, {"reads", read_file}, {"times", read_times}, {"timeout", read_timeout}};
  if (!read_mapping(value, "exec", fields, mistakes)) return std::nullopt;
  if (!command) mistakes.add("E-107", value.place, "exec without command", "write [wrk, -t2, -c10, -d5s, \"{url}/\"]");
  exec.reads = read_reads(reads, exec, mistakes);
  return exec;
}

void refuse_beside_exec(const Value& workload, Mistakes& mistakes) {
  for (const Entry& entry : workload.entries) {
    if (entry.key == "exec") continue;
    mistakes.add("E-106", entry.place, fmt::format("{} beside exec: the tool sends requests of its own", entry.key),
                 "leave it out, or exec");
  }
}

std::string filled_argument(std::string argument, const ExecPlaces& places) {
  const std::pair<std::string_view, const std::string&> marks[] = {
      {"{url}", places.url}, {"{host}", places.host}, {"{port}", places.port}, {output_mark, places.output}};
  for (std::size_t at = 0; (at = argument.find('{', at)) != std::string::npos;) {
    const auto mark = std::find_if(std::begin(marks), std::end(marks), [&](const auto& candidate) {
      return argument.compare(at, candidate.first.size(), candidate.first) == 0;
    });
    if (mark == std::end(marks)) {
      ++at;
      continue;
    }
    argument.replace(at, mark->first.size(), mark->second);
    at += mark->second.size();  // what was filled in is not looked at again
  }
  return argument;
}

}  // namespace burstgate::config
