// Look at the repository, write what is missing, say what comes next. Nothing is started and nothing is overwritten.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "starter/files.hpp"
#include "starter/look.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "init",
    .usage = "burstgate init [FOLDER]",
    .about =
        "Looks at a repository (compose file, Dockerfile, package.json, CMakeLists.txt, OpenAPI document) and writes\n"
        "burstgate.yaml, thresholds/default.yaml and .github/workflows/burstgate.yml, with comments. Starts nothing,\n"
        "and never overwrites: a file that is there stays as it is. Exit 0: all three were written. 2: one was in the\n"
        "way; the others are written.",
    .example =
        "  burstgate init\n"
        "  burstgate record && burstgate gate",
};

// Beside this program when it is installed; otherwise where an installation puts them.
std::string schema_folder() {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto beside = program.parent_path().parent_path() / "share" / "burstgate" / "schemas";
  return std::filesystem::is_directory(beside, ignored) ? beside.string() : BURSTGATE_SCHEMA_FOLDER;
}

[[noreturn]] void failed(const std::string& path, int error) {
  throw Error(Trouble::output, {.code = "E-022",
                                .where = path,
                                .what = fmt::format("cannot be written: {}", std::strerror(error)),
                                .hint = "the other files are complete"});
}

// False: something is there already.
bool write_new(const starter::Repository& repository, const starter::StarterFile& file) {
  if (!repository.may_hold(file.path)) return false;
  const std::string path = repository.at(file.path);
  make_parent_folders(path);
  const Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!descriptor.is_open() && errno == EEXIST) return false;
  if (!descriptor.is_open()) failed(path, errno);
  std::string_view rest = file.text;
  while (!rest.empty()) {
    const auto written = ::write(descriptor.number(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      ::unlink(path.c_str());
      failed(path, error);
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void say_found(const starter::Found& found) {
  if (found.start) {
    const auto& command = found.start->command;
    fmt::print(
        "service     {}\n",
        visible(command.empty() ? "runs already, on port " + std::to_string(*found.start->port) : join(command, " ")));
    fmt::print("            from {}\n", visible(found.start->from));
  } else {
    fmt::print("service     not found: write how it is started into burstgate.yaml\n");
  }
  if (found.api) {
    fmt::print("requests    {} of {}, {} left out\n", found.api->steps.size(), visible(found.api->file),
               found.api->left_out.size() + found.api->beyond + found.api->unsafe);
  } else {
    fmt::print("requests    GET / (there is no OpenAPI document)\n");
  }
  for (const auto& remark : found.remarks) fmt::print("note        {}\n", visible(remark));
}

void say_next(const std::string& folder, const starter::Found& found) {
  fmt::print("\nNext{}:\n", folder == "." ? "" : ", in " + visible(folder));
  if (found.start && found.start->command.empty() && !found.start->build.empty()) {
    fmt::print("  {}\n", found.start->build.front());
  }
  fmt::print(
      "  burstgate record    # makes the baseline\n"
      "  burstgate gate      # exit 0: nothing got worse\n");
}

}  // namespace

const CommandHelp& help_of_init() {
  return help;
}

int run_init(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() > 1) {
    throw Error(Trouble::usage, {.code = "E-003",
                                 .where = arguments.positional[1],
                                 .what = "one folder at most",
                                 .hint = "burstgate init FOLDER"});
  }
  const std::string folder = arguments.positional.empty() ? "." : arguments.positional.front();
  starter::Repository repository(folder);
  const starter::Found found = starter::look_at(repository);
  say_found(found);

  int code = exit_pass;
  for (const auto& file : starter::starter_files(found, schema_folder())) {
    const bool fresh = write_new(repository, file);
    if (!fresh) code = exit_usage;
    fmt::print("{:<11} {}\n", fresh ? "written" : "left alone",
               fresh ? file.path : file.path + " (it is there already)");
  }
  say_next(folder, found);
  return code;
}

}  // namespace burstgate::cli
