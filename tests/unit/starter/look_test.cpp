// What is found in a repository, file by file.
#include "starter/look.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "base/error.hpp"
#include "unit/base/temp_folder.hpp"

using namespace burstgate;
using namespace burstgate::starter;

namespace {

using Files = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

void write_all(const TempFolder& folder, const Files& files) {
  for (const auto& [name, text] : files) {
    std::filesystem::create_directories(std::filesystem::path(folder / name).parent_path());
    write_plain(folder / name, text);
  }
}

Found look(const Files& files) {
  const TempFolder folder;
  write_all(folder, files);
  Repository repository(folder.path());
  return look_at(repository);
}

Words command(const Files& files) {
  const Found found = look(files);
  return found.start ? found.start->command : Words{"nothing"};
}

constexpr const char* asks_port = "http.createServer(f).listen(process.env.PORT || 3000)";

}  // namespace

TEST_CASE("package.json: a plain start script is run by itself, with the port it asks for") {
  const Found found = look({{"package.json", R"({"scripts": {"start": "node --enable-source-maps src/app.js"},
                             "engines": {"node": ">=22.1"}, "dependencies": {}})"},
                            {"src/app.js", std::string(asks_port) + "; route('/healthz')"}});
  REQUIRE(found.start);
  CHECK(found.start->command == Words{"env", "PORT={port}", "node", "--enable-source-maps", "src/app.js"});
  CHECK_FALSE(found.start->port);
  CHECK(found.start->node_version == "22");
  CHECK(found.start->health == "/healthz");
  CHECK(found.start->build == Words{"npm install"});
  CHECK(found.start->from == "scripts.start of package.json");
}

TEST_CASE("package.json: what needs a shell or another program goes through npm") {
  const Words npm = {"env", "PORT={port}", "npm", "--silent", "start"};
  for (const char* script :
       {"nest start", "NODE_ENV=production node .", "node a.js && node b.js", "node $MAIN", "node a.js\\nrm -rf x"}) {
    INFO(script);
    CHECK(command({{"package.json", R"({"scripts": {"start": ")" + std::string(script) + R"("}})"}}) == npm);
  }
}

TEST_CASE("package.json: a port that is written down stays") {
  const Found in_source =
      look({{"package.json", R"({"scripts": {"start": "node a.js"}})"}, {"a.js", "s.listen(4000)"}});
  REQUIRE(in_source.start);
  CHECK(in_source.start->port == 4000);
  CHECK(in_source.start->command == Words{"node", "a.js"});
  const Found in_script = look({{"package.json", R"({"scripts": {"start": "next start -p 3100"}})"}});
  REQUIRE(in_script.start);
  CHECK(in_script.start->port == 3100);
}

TEST_CASE("package.json: main is a service when it listens, and a library otherwise") {
  const std::string package = R"({"main": "lib.js", "scripts": {"build": "tsc"}})";
  CHECK(command({{"package.json", package}, {"lib.js", asks_port}}) == Words{"env", "PORT={port}", "node", "lib.js"});
  CHECK(command({{"package.json", package}, {"lib.js", "module.exports = 1"}}) == Words{"nothing"});
}

TEST_CASE("package.json that cannot be read is named") {
  for (const char* text :
       {"", "{", "[]", R"({"a": 1, "a": 2})", R"({"scripts": []})", R"({"scripts": {"start": 3}})"}) {
    INFO(text);
    CHECK(command({{"package.json", text}}) == Words{"nothing"});
  }
  CHECK(look({{"package.json", "{"}}).remarks.size() == 1);
}

TEST_CASE("CMakeLists.txt: the program that looks like a service, and how it is told its port") {
  const Found found = look({{"CMakeLists.txt",
                             "project(shop)  # add_executable(no x.cpp)\nadd_executable(unit_tests t.cpp)\n"
                             "add_executable(import_tool i.cpp)\nadd_subdirectory(src)\n"},
                            {"src/CMakeLists.txt", "add_executable (shop_server\n  main.cpp http.cpp)"},
                            {"src/main.cpp", "if (arg == \"--port\") route(\"/health\")"}});
  REQUIRE(found.start);
  CHECK(found.start->command == Words{"./build/src/shop_server", "--port", "{port}"});
  CHECK(found.start->health == "/health");
  CHECK(found.remarks == Words{"build/src/shop_server is not built yet: cmake -B build -DCMAKE_BUILD_TYPE=Release && "
                               "cmake --build build"});
  CHECK(command({{"CMakeLists.txt", "project(p)\nadd_executable(${PROJECT_NAME} m.cpp)"},
                 {"m.cpp", "std::getenv(\"PORT\")"},
                 {"build/release/p", "x"}}) == Words{"env", "PORT={port}", "./build/release/p"});
  const Found silent = look({{"CMakeLists.txt", "add_executable(a a.cpp)"}, {"a.cpp", ""}});
  REQUIRE(silent.start);
  CHECK(silent.start->port == 8080);
}

TEST_CASE("CMakeLists.txt: tests alone are no service, circles end, other folders are not entered") {
  CHECK(command({{"CMakeLists.txt", "add_executable(my_tests t.cpp)"}}) == Words{"nothing"});
  CHECK(command({{"CMakeLists.txt", "add_subdirectory(.)\nadd_subdirectory(../x)\nadd_subdirectory(/etc)"}}) ==
        Words{"nothing"});
  CHECK(command({{"CMakeLists.txt", "add_executable(a;b\"c x)\nadd_executable("}}) == Words{"nothing"});
}

TEST_CASE("Dockerfile: a script that is here runs here; otherwise the container's port counts") {
  CHECK(command({{"Dockerfile", "FROM python\nEXPOSE 5000\nCMD [\"python\", \\\n  \"app.py\"]"},
                 {"app.py", "os.environ.get('PORT', 5000)"}}) == Words{"env", "PORT={port}", "python", "app.py"});
  const Found shell = look({{"Dockerfile", "expose 5000/tcp\nCMD python app.py"}, {"app.py", ""}});
  REQUIRE(shell.start);
  CHECK(shell.start->command.empty());
  CHECK(shell.start->port == 5000);
}

TEST_CASE("compose file: the published port of what is built here, in every spelling") {
  const auto port = [](const std::string& entry) {
    const Found found =
        look({{"compose.yaml", "services:\n  db: {image: x, ports: ['5432:5432']}\n  web:\n    build: .\n    ports: [" +
                                   entry + "]\n"}});
    return found.start ? found.start->port.value_or(0) : 0;
  };
  CHECK(port("'8080:80'") == 8080);
  CHECK(port("'127.0.0.1:8081:80'") == 8081);
  CHECK(port("'8082-8090:80'") == 8082);
  CHECK(port("{published: 8083, target: 80}") == 8083);
  CHECK(port("'80'") == 5432);  // a port of docker's choice: only the database has one
  CHECK(port("'99999:80'") == 5432);
  const Found merged = look({{"docker-compose.yml",
                              "x-web: &web {build: ., ports: ['9000:1']}\n"
                              "services: {a: {<<: *web}}"}});
  REQUIRE(merged.start);
  CHECK(merged.start->port == 9000);
  CHECK(merged.start->build == Words{"docker compose up --detach --wait"});
}

TEST_CASE("OpenAPI: one step for each GET that can be sent as it stands") {
  const Found found = look({{"api/openapi.yaml", R"(
openapi: 3.1.0
servers: [{url: 'https://{host}/v{n}/', variables: {host: {default: h}, n: {default: '2'}}}]
components: {parameters: {Size: {name: size, in: query, required: true, schema: {default: 10}}}}
paths:
  /items:
    get: {operationId: listItems, parameters: [{$ref: '#/components/parameters/Size'}, {name: q, in: query}]}
    post: {}
  /items/{id}:
    parameters: [{name: id, in: path, required: true, schema: {enum: ['a b/c', d]}}]
    get: {operationId: 'odd name', responses: {'404': {}, default: {}}}
    delete: {}
  /users/{id}: {get: {parameters: [{name: id, in: path, required: true}]}}
  /me: {get: {security: [{token: []}]}}
  /old: {get: {deprecated: true}}
  /go: {get: {responses: {'302': {}}}}
  /head: {get: {parameters: [{name: X-Key, in: header, required: true, example: k}]}}
  /loop: {get: {parameters: [{$ref: '#/paths/~1loop/get/parameters/0'}]}}
  /ex: {get: {parameters: [{name: k, in: query, required: true, examples: {one: {value: v1}}}]}}
)"}});
  REQUIRE(found.api);
  std::vector<std::string> steps;
  for (const auto& step : found.api->steps) steps.push_back(step.path + " " + step.name);
  CHECK(steps == Words{"/v2/items?size=10 listItems", "/v2/items/a%20b%2Fc ", "/v2/loop ", "/v2/ex?k=v1 "});
  CHECK(found.api->left_out == Words{"GET /users/{id}: no example for 'id'", "GET /me: needs credentials",
                                     "GET /old: deprecated", "GET /go: answers no 2xx",
                                     "GET /head: needs the header 'X-Key'"});
  CHECK(found.api->unsafe == 2);
}

TEST_CASE("a path cannot end the quotes that it gets into") {
  const Found found = look({{"openapi.yaml", "openapi: 3.0.0\npaths: {\"/a';touch x;\\\"`$(id)\\n#\": {get: {}}}"}});
  REQUIRE(found.api);
  REQUIRE(found.api->steps.size() == 1);
  CHECK(found.api->steps[0].path == "/a%27;touch%20x;%22%60$(id)%0A%23");
}

TEST_CASE("Swagger 2 in JSON, and a bounded number of steps") {
  std::string paths;
  for (int i = 0; i < 25; ++i) paths += (i == 0 ? "" : ",") + ("\"/p" + std::to_string(i)) + R"(": {"get": {}})";
  const Found found = look({{"swagger.json", R"({"swagger": "2.0", "basePath": "/api", "paths": {)" + paths + "}}"}});
  REQUIRE(found.api);
  CHECK(found.api->steps.size() == max_steps);
  CHECK(found.api->steps.front().path == "/api/p0");
  CHECK(found.api->beyond == 5);
}

TEST_CASE("what is no OpenAPI document is named and not used") {
  for (const char* text : {"", "openapi: 4.0", "[1, 2]", "a: [", "&a [*a]", "openapi: 3.0.0\npaths: [1]"}) {
    INFO(text);
    const Found found = look({{"openapi.yaml", text}});
    CHECK((!found.api || found.api->steps.empty()));
  }
}

TEST_CASE("links out of the folder, FIFOs and huge files are not read") {
  const TempFolder outside;
  write_plain(outside / "package.json", R"({"scripts": {"start": "node a.js"}})");
  const TempFolder folder;
  std::filesystem::create_symlink(outside / "package.json", folder / "package.json");
  REQUIRE(::mkfifo((folder / "Dockerfile").c_str(), 0600) == 0);
  write_plain(folder / "openapi.json", std::string(max_file_bytes + 1, ' '));
  std::filesystem::create_symlink("CMakeLists.txt", folder / "CMakeLists.txt");  // itself
  std::filesystem::create_directory(folder / "compose.yaml");
  Repository repository(folder.path());
  const Found found = look_at(repository);
  CHECK_FALSE(found.start);
  CHECK_FALSE(found.api);
  CHECK(found.remarks == Words{"openapi.json is not read: is too large",
                               "package.json is a link that leads out of the folder: not read",
                               "Dockerfile is not read: is a FIFO, expected a regular file",
                               "compose.yaml is not read: is a directory, expected a regular file"});
}

TEST_CASE("files made to take long are given up on") {
  std::string calls, keys, references;
  for (int i = 0; i < 100'000; ++i) calls += "add_executable(a\n";
  for (int i = 0; i < 30'000; ++i) keys += (i == 0 ? "a" : ", a") + std::to_string(i) + ": {}";
  for (int i = 0; i < 10'000; ++i) references += (i == 0 ? "" : ", ") + std::string("{$ref: '#/components/a29999'}");
  const Found found = look({{"CMakeLists.txt", calls + ")"},
                            {"openapi.yaml", "openapi: 3.0.0\ncomponents: {" + keys +
                                                 "}\npaths: {/a: {get: {parameters: [" + references + "]}}}"}});
  CHECK_FALSE(found.start);
  REQUIRE(found.api);
  CHECK(found.api->steps.size() == 1);
}

TEST_CASE("a folder that does not exist") {
  try {
    Repository repository("/nonexistent/x");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(
        std::string(error.what()) ==
        "/nonexistent/x: error[E-024]: no such folder; burstgate init FOLDER, or burstgate init in the folder itself");
  }
}
