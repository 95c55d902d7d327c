// The files of a repository that nobody vouches for: reading is bounded, and ends at the folder's edge.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace burstgate::starter {

class Repository {
 public:
  // Error (Trouble::usage): no folder.
  explicit Repository(const std::string& folder);

  // The content, or nothing: there is none, or it is no regular file of at most max_file_bytes inside the folder, links
  // followed; then remarks() says why.
  std::optional<std::string> read(const std::string& path);
  bool has(const std::string& path) const;  // a regular file inside the folder
  // Whether a new file there would be inside the folder, links followed.
  bool may_hold(const std::string& path) const;

  std::string name() const;  // of the folder
  std::string at(const std::string& path) const { return folder_ + "/" + path; }
  void remark(const std::string& text) { remarks_.push_back(text); }
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  std::string folder_;  // canonical
  std::vector<std::string> remarks_;
};

inline constexpr std::size_t max_file_bytes = 4u << 20;

}  // namespace burstgate::starter
