// The built-in service alone.
#define CXXOPTS_VECTOR_DELIMITER '\0'  // an endpoint's text may hold commas
#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <cxxopts.hpp>
#include <thread>

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "config/units.hpp"
#include "target/demo_service.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "serve",
    .usage = "burstgate serve [flags]",
    .about =
        "The built-in service: an HTTP/1.1 server whose service times are known, for trying burstgate out and for "
        "testing\n"
        "what measures. Listens on loopback until it gets SIGINT or SIGTERM. Prints \"listening on http://...\" "
        "first.\n"
        "\n"
        "Endpoints without --endpoint: / and /echo (no service time), /chat (log-normal, median 20 ms), /search (90 % "
        "2 "
        "ms,\n"
        "10 % 20 ms), /cpu (1 ms of CPU). GET /_stats tells the service's own record, POST /_reset clears it.\n"
        "POST /_login lets a new user in (token and cookie), GET /_session is only for those.",
    .example =
        "  burstgate serve --port 8080\n"
        "  burstgate serve --port 8080 --slowdown 1.3\n"
        "  burstgate serve --endpoint \"path=/x time=lognormal(20ms,0.4) errors=1% bytes=1024\"",
    .own_flags = {{"--port", "N", "0 (the default) takes a free one"},
                  {"--host", "ADDRESS", "127.0.0.1"},
                  {"--threads", "N", "1"},
                  {"--endpoint", "TEXT", "path=, time=, work=wait|cpu, errors=, status=, bytes=; may be repeated"},
                  {"--slowdown", "X", "multiplies every service time (1.3: 30 % slower)"},
                  {"--capacity", "N", "at most N requests in service at the same time; 0: no limit"},
                  {"--pause", "LENGTH/EVERY", "the whole service stands still, e.g. 30ms/1s"},
                  {"--seed", "N", "of the service times and errors"}},
};

[[noreturn]] void refuse(const std::string& flag, const std::string& what, const std::string& expected) {
  throw Error(Trouble::usage, {.code = "E-007", .where = flag, .what = what, .hint = "expected " + expected});
}

template <typename T>
T number(const cxxopts::ParseResult& parsed, const std::string& flag, T fallback, T low, T high) {
  if (parsed.count(flag) == 0) return fallback;
  const std::string text = parsed[flag].as<std::string>();
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= low && value <= high)) {
    refuse("--" + flag, fmt::format("'{}' is no valid value", text), fmt::format("a number from {} to {}", low, high));
  }
  return value;
}

std::chrono::microseconds duration(const std::string& flag, const std::string& text) {
  const auto parsed = config::parse_duration(text);
  if (const auto* error = std::get_if<config::UnitError>(&parsed)) refuse(flag, error->what, error->expected);
  return std::get<std::chrono::microseconds>(parsed);
}

void read_pause(const cxxopts::ParseResult& parsed, target::DemoOptions& options) {
  if (parsed.count("pause") == 0) return;
  const std::string text = parsed["pause"].as<std::string>();
  const auto slash = text.find('/');
  if (slash == std::string::npos)
    refuse("--pause", fmt::format("'{}' has no '/'", text), "a length and a period such as 30ms/1s");
  options.pause_length = duration("--pause", text.substr(0, slash));
  options.pause_every = duration("--pause", text.substr(slash + 1));
  if (options.pause_length >= options.pause_every)
    refuse("--pause", "the pause is not shorter than its period", "e.g. 30ms/1s");
}

target::DemoOptions options_of(const cxxopts::ParseResult& parsed) {
  target::DemoOptions options;
  if (parsed.count("host") > 0) options.host = parsed["host"].as<std::string>();
  options.port = number<std::uint16_t>(parsed, "port", 0, 0, 65535);
  options.threads = number<int>(parsed, "threads", 1, 1, 64);
  options.slowdown = number<double>(parsed, "slowdown", 1.0, 0.01, 1000.0);
  options.capacity = number<int>(parsed, "capacity", 0, 0, 100'000);
  options.seed = number<std::uint64_t>(parsed, "seed", 1, 0, ~std::uint64_t{0});
  read_pause(parsed, options);
  if (parsed.count("endpoint") == 0) options.endpoints = target::default_demo_endpoints();
  if (parsed.count("endpoint") > 0) {
    for (const auto& text : parsed["endpoint"].as<std::vector<std::string>>()) {
      options.endpoints.push_back(target::parse_demo_endpoint(text, "--endpoint"));
    }
  }
  return options;
}

cxxopts::ParseResult parse(const Words& words) {
  cxxopts::Options options("burstgate serve");
  std::vector<std::string> known;
  for (const FlagHelp& flag : flags_of(help)) {
    known.push_back(flag.name);
    const std::string name = flag.name.substr(2);
    if (flag.value.empty()) {
      options.add_options()(name, "");
    } else if (flag.name == "--endpoint") {
      options.add_options()(name, "", cxxopts::value<std::vector<std::string>>());
    } else {
      options.add_options()(name, "", cxxopts::value<std::string>());
    }
  }
  check_flags("serve", words, known, {"--endpoint"});
  std::vector<const char*> argv = {"burstgate"};
  for (const auto& word : words) argv.push_back(word == "-h" ? "--help" : word.c_str());
  try {
    return options.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const cxxopts::exceptions::exception& error) {
    refuse("", error.what(), "what burstgate serve --help says");
  }
}

}  // namespace

const CommandHelp& help_of_serve() {
  return help;
}

int run_serve(const Words& words) {
  const auto parsed = parse(words);
  if (parsed.count("help") > 0) return fmt::print("{}", help_text(help)), exit_pass;
  const target::DemoOptions options = options_of(parsed);

  std::atomic<bool> stop{false};
  std::atomic<bool> ended{false};
  std::thread watcher([&] {  // a signal handler may not do more than note the signal
    while (signal_received().load() == 0 && !ended) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = true;
  });
  const auto join = [&] {
    ended = true;
    watcher.join();
  };
  try {
    target::serve(options, stop, [&](std::uint16_t port) {
      fmt::print("listening on http://{}:{}/\n", options.host, port);
      std::fflush(stdout);
    });
  } catch (...) {
    join();
    throw;
  }
  join();
  return exit_pass;  // asked to end, and ended
}

}  // namespace burstgate::cli
