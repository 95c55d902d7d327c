#include "target/service_process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "support/raw_client.hpp"
#include "target/log_ring.hpp"
#include "target/port_owner.hpp"

using namespace burstgate;
using namespace burstgate::target;
using namespace std::chrono_literals;
using test::RawClient;
using test::status_of;
using Clock = std::chrono::steady_clock;

namespace {

bool never() {
  return false;
}

// A small HTTP server in perl, which every Debian has. $ready answers decide each response's status.
const std::string perl_server = R"perl(
  use IO::Socket::INET;
  my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 64, ReuseAddr => 1)
    or die "cannot listen on $ARGV[0]\n";
  $SIG{TERM} = $ARGV[2] if $ARGV[2];
  my @statuses = split /,/, ($ARGV[1] || '200');
  while (1) {
    my $client = $server->accept() or next;
    while (my $line = <$client>) { last if $line =~ /^\r?\n$/; }
    my $status = @statuses > 1 ? shift @statuses : $statuses[0];
    print $client "HTTP/1.1 $status X\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    close $client;
  }
)perl";

ServiceCommand perl(std::vector<std::string> arguments = {}) {
  ServiceCommand command{.argv = {"perl", "-e", perl_server, "{port}"}, .url = "http://127.0.0.1:{port}/"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return command;
}

ServiceCommand shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script, "sh", "{port}", perl_server}, .url = "http://127.0.0.1:{port}"};
}

std::string start_error(const ServiceCommand& command) {
  try {
    ServiceProcess::start(command, never);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::target);
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Processes that have the word in their command line, besides this one.
int processes_with(const std::string& word) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (entry.path().filename() == std::to_string(::getpid())) continue;
    std::ifstream file(entry.path() / "cmdline");
    std::ostringstream text;
    text << file.rdbuf();  // fails quietly when the process ends meanwhile
    found += contains(text.str(), word);
  }
  return found;
}

// Unlike any other process's arguments.
std::string unique_word() {
  static std::random_device device;
  return "mark" + std::to_string(::getpid()) + "x" + std::to_string(device());
}

bool eventually(const std::function<bool()>& satisfied) {
  const auto give_up = Clock::now() + 10s;
  while (!satisfied()) {
    if (Clock::now() > give_up) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

long open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

// A listening socket of this process.
struct Listener {
  Listener() {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(socket, 16);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ~Listener() { ::close(socket); }
  int socket;
  std::uint16_t port;
};

}  // namespace

TEST_CASE("starts on a free port, is ready, ends on TERM, and leaves neither process nor port nor descriptor") {
  const long before = open_descriptors();
  {
    ServiceProcess service = ServiceProcess::start(perl(), never);
    CHECK(service.url() == "http://127.0.0.1:" + std::to_string(service.port()) + "/");
    CHECK(status_of(RawClient(service.port()).get("/")) == 200);
    CHECK(service.alive());
    CHECK(service.exit_text().empty());
    CHECK(::kill(service.pid(), 0) == 0);
    CHECK(::getpgid(service.pid()) == service.pid());
    CHECK(owner_of(service.port())->pid == service.pid());
    CHECK(service.stop().empty());
    CHECK_FALSE(service.alive());
    CHECK(service.exit_text() == "killed by SIGTERM");
    CHECK(::kill(service.pid(), 0) != 0);
    CHECK_FALSE(owner_of(service.port()));
    CHECK(service.stop().empty());
  }
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(open_descriptors() == before);
}

TEST_CASE("case 86: a command that cannot be started") {
  const std::string folder = std::filesystem::current_path().string();
  CHECK(start_error({.argv = {"/no/such/server"}, .url = "http://127.0.0.1:{port}/"}) ==
        "error[E-424]: cannot start '/no/such/server': No such file or directory (errno 2), in folder " + folder +
            "; check the service's command");
  CHECK(start_error({.argv = {"/etc/passwd"}, .url = "http://127.0.0.1:{port}/"}) ==
        "error[E-424]: cannot start '/etc/passwd': Permission denied (errno 13), in folder " + folder +
            "; check the service's command");
}

TEST_CASE("case 87: ends before it is ready, with its status and its last words") {
  CHECK(start_error(shell("echo hello; printf 'to\\033err\\n' >&2; exit 3")) ==
        "error[E-425]: '/bin/sh' exited with status 3 before it was ready\n"
        "    last output of the service:\n    | hello\n    | to\\x1berr");
  CHECK(start_error(shell("kill -SEGV $$")) == "error[E-425]: '/bin/sh' killed by SIGSEGV before it was ready");
  CHECK(start_error(shell("exit 0")) == "error[E-425]: '/bin/sh' exited with status 0 before it was ready");
}

TEST_CASE("case 88: never ready, with the last probe's result; nothing is left") {
  const std::string word = unique_word();
  ServiceCommand command = shell("sleep 60 # " + word);
  command.ready_within = 150ms;
  const std::string refused = start_error(command);
  CHECK(contains(refused,
                 "error[E-426]: '/bin/sh' was not ready within 150 ms: GET /, last answer: "
                 "127.0.0.1: Connection refused; expected 3 answers 2xx in a row"));
  CHECK(processes_with(word) == 0);
  command = perl({"503"});
  command.ready_path = "/health";
  command.ready_within = 4s;  // perl may start slowly on a busy machine; the whole time is waited anyway
  CHECK(contains(start_error(command), "GET /health, last answer: 127.0.0.1: status 503"));
  command = shell("sleep 60");
  command.url = "http://localhost:{port}";
  command.ready_within = 150ms;
  CHECK(contains(start_error(command), "127.0.0.1: Connection refused"));
}

TEST_CASE("starting is given up when interrupted") {
  const auto begin = Clock::now();
  CHECK_THROWS_WITH(ServiceProcess::start(shell("sleep 60"), [&] { return Clock::now() - begin > 50ms; }),
                    "error[E-428]: interrupted while '/bin/sh' was starting");
}

TEST_CASE("case 89: the port is taken before the start, with its owner") {
  const Listener listener;
  ServiceCommand command = perl();
  command.argv[3] = std::to_string(listener.port);
  command.url = "http://127.0.0.1:" + std::to_string(listener.port);
  std::ifstream comm("/proc/self/comm");
  std::string name;
  std::getline(comm, name);
  CHECK(start_error(command) == command.url + ": error[E-423]: port " + std::to_string(listener.port) +
                                    " is already taken by pid " + std::to_string(::getpid()) + " (" + name +
                                    "); stop it, or let burstgate choose: \"{port}\" in command and url");
}

TEST_CASE("case 89: the port is answered by somebody else than the started server") {
  // The stranger takes the port after the service was started: the service waits for it.
  const std::uint16_t port = free_port();
  std::thread late;
  ServiceCommand command{.argv = {"/bin/sh", "-c", "sleep 60"}, .url = "http://127.0.0.1:" + std::to_string(port)};
  pid_t stranger = 0;
  bool first = true;
  const auto launch_once = [&] {
    if (first && (stranger = ::fork()) == 0) {
      ::execlp("perl", "perl", "-e", perl_server.c_str(), std::to_string(port).c_str(), nullptr);
      ::_exit(127);
    }
    first = false;
    return false;
  };
  try {
    ServiceProcess::start(command, launch_once);
    FAIL("the stranger was taken for the service");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) ==
          command.url + ": error[E-427]: port " + std::to_string(port) + " answered by pid " +
              std::to_string(stranger) +
              " (perl), not by the started server; stop it, or let burstgate choose: \"{port}\" in command and url");
  }
  ::kill(stranger, SIGKILL);
  ::waitpid(stranger, nullptr, 0);
}

TEST_CASE("case 90: readiness that flaps is not readiness") {
  // Ready is the service only after 200,200,503 and then three in a row: the seventh answer is given after the start.
  ServiceProcess service = ServiceProcess::start(perl({"200,200,503,200,200,200,418"}), never);
  CHECK(status_of(RawClient(service.port()).get("/")) == 418);
}

TEST_CASE("case 91: children, background processes and daemons in other sessions end too") {
  const std::string word = unique_word();
  ServiceProcess service = ServiceProcess::start(
      shell("(sleep 60 && : " + word + ") & (setsid sh -c 'setsid sleep 60 & sleep 60 && : " + word +
            "' &) ; exec perl -e \"$2\" \"$1\""),
      never);
  CHECK(eventually([&] { return processes_with(word) >= 2; }));
  CHECK(service.stop().empty());
  CHECK(processes_with(word) == 0);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("case 91: a service that daemonises is alive as long as its daemon") {
  ServiceProcess service = ServiceProcess::start(shell("setsid perl -e \"$2\" \"$1\" & exit 0"), never);
  CHECK(service.alive());
  const auto daemon = owner_of(service.port());
  REQUIRE(daemon);
  CHECK(daemon->pid != service.pid());
  ::kill(daemon->pid, SIGKILL);
  CHECK(eventually([&] { return !service.alive(); }));
  CHECK(service.stop().empty());
}

TEST_CASE("case 93: a service that ignores TERM is killed after the timeout, with a warning") {
  ServiceCommand command = perl({"200", "IGNORE"});
  command.stop_timeout = 100ms;
  ServiceProcess service = ServiceProcess::start(command, never);
  const auto begin = Clock::now();
  CHECK(service.stop() == std::vector<std::string>{"the service did not end within 100 ms of SIGTERM and was killed"});
  CHECK(Clock::now() - begin >= 100ms);
  CHECK(service.exit_text() == "killed by SIGKILL");
  CHECK_FALSE(owner_of(service.port()));
}

TEST_CASE("case 94: a crash while stopping is a warning; one before is seen by alive()") {
  ServiceProcess service = ServiceProcess::start(
      shell("trap 'kill $!; kill -SEGV $$' TERM; perl -e \"$2\" \"$1\" & while :; do wait; done"), never);
  CHECK(service.stop() == std::vector<std::string>{"the service crashed while it was stopped: killed by SIGSEGV"});

  ServiceProcess victim = ServiceProcess::start(perl(), never);
  ::kill(victim.pid(), SIGABRT);
  CHECK(eventually([&] { return !victim.alive(); }));
  CHECK(victim.exit_text() == "killed by SIGABRT");
  CHECK(victim.stop().empty());
}

TEST_CASE("case 95: a service that writes without end is never held up, and its last lines are kept") {
  // 64 MB: far more than the pipe and the ring.
  ServiceProcess service =
      ServiceProcess::start(shell("head -c 64000000 /dev/zero | tr '\\0' x; echo; "
                                  "for i in $(seq 60); do echo line $i >&2; done; exec perl -e \"$2\" \"$1\""),
                            never);
  CHECK(eventually([&] { return contains(service.log_tail(), "line 60\n"); }));
  const std::string tail = service.log_tail();
  CHECK(tail.starts_with("line 11\n"));
  CHECK(std::count(tail.begin(), tail.end(), '\n') == 50);
}

TEST_CASE("case 98: the next start on the same port waits for its release") {
  const std::uint16_t port = free_port();
  ServiceCommand command = perl();
  command.argv[3] = std::to_string(port);
  command.url = "http://127.0.0.1:" + std::to_string(port);
  auto listener = std::make_unique<ServiceProcess>(ServiceProcess::start(command, never));
  std::thread ending([&] {
    std::this_thread::sleep_for(100ms);
    listener.reset();
  });
  ServiceProcess next = ServiceProcess::start(command, never);
  ending.join();
  CHECK(owner_of(port)->pid == next.pid());
}

TEST_CASE("case 92: burstgate is killed at random moments; no process and no port is left, 200 times") {
  const std::string word = unique_word();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);  // orphans of the killed one become ours, so that none can hide
  std::mt19937 random(92);
  MESSAGE("seed 92");
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    const std::uint16_t port = free_port();
    const pid_t supervisor = ::fork();
    if (supervisor == 0) {
      ServiceCommand command = perl({"200", "IGNORE", word});
      command.argv[3] = std::to_string(port);
      command.url = "http://127.0.0.1:" + std::to_string(port);
      try {
        ServiceProcess service = ServiceProcess::start(command, never);
        if (round % 4 == 0) service.stop();
        ::pause();
      } catch (...) {
      }
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 100'000));
    ::kill(supervisor, SIGKILL);
    // Everything that the supervisor left is our child now, and ends by itself.
    const bool all_ended = eventually([] { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; });
    REQUIRE(all_ended);
    REQUIRE(processes_with(word) == 0);
    REQUIRE_FALSE(owner_of(port));
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

TEST_CASE("the log ring keeps the newest bytes, at its limit and one past it") {
  LogRing ring;
  ring.append(std::string(log_ring_bytes - 1, 'a') + "b");
  CHECK(ring.text().front() == 'a');
  CHECK(ring.text().size() == log_ring_bytes);
  ring.append("cd");
  CHECK(ring.text() == std::string(log_ring_bytes - 3, 'a') + "bcd");
  ring.append(std::string(log_ring_bytes, 'e') + "f");
  CHECK(ring.text() == std::string(log_ring_bytes - 1, 'e') + "f");
}

TEST_CASE("the last lines: 50 of them, at most 64 KiB") {
  CHECK(last_lines("").empty());
  CHECK(last_lines("one") == "one");
  CHECK(last_lines("\n") == "\n");
  std::string fifty;
  for (int i = 0; i < log_tail_lines; ++i) fifty += "x\n";
  CHECK(last_lines(fifty) == fifty);
  CHECK(last_lines("y\n" + fifty) == fifty);
  CHECK(last_lines("y\n" + fifty + "z") == fifty.substr(2) + "z");
  CHECK(last_lines(std::string(log_tail_bytes, 'x')).size() == log_tail_bytes);
  CHECK(last_lines("y" + std::string(log_tail_bytes, 'x')) == std::string(log_tail_bytes, 'x'));
}
