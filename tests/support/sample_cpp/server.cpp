// A small service as people write them: `burstgate init` has to find out how it is started and what it answers. A
// thread for each connection, and GET only.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

namespace {

std::string answer_to(const std::string& head) {
  if (head.rfind("GET /health ", 0) != 0) std::this_thread::sleep_for(std::chrono::milliseconds(8));  // a database
  const std::string body = head.rfind("GET /notes", 0) == 0 ? "[{\"id\": 7, \"text\": \"note\"}]\n" : "ok\n";
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

void talk(int connection) {
  std::string received;
  char buffer[4096];
  for (;;) {
    for (auto end = received.find("\r\n\r\n"); end != std::string::npos; end = received.find("\r\n\r\n")) {
      const std::string answer = answer_to(received.substr(0, end));
      received.erase(0, end + 4);
      if (send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
    }
    const auto bytes = recv(connection, buffer, sizeof buffer, 0);
    if (bytes <= 0) break;
    received.append(buffer, static_cast<std::size_t>(bytes));
  }
  close(connection);
}

}  // namespace

int main(int argc, char** argv) {
  int port = 8080;
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--port") == 0) port = std::atoi(argv[i + 1]);
  }
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 128) != 0)
    return 1;
  for (;;) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection < 0) continue;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread(talk, connection).detach();
  }
}
