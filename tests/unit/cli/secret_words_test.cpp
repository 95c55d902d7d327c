#include "cli/secret_words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace burstgate::cli {

namespace {

struct Hidden {
  std::string word;
  bool found = false;
};

Hidden hidden(std::string word) {
  std::vector<char*> words = {word.data()};
  const bool found = hide_secrets(words);
  return {word, found};
}

}  // namespace

TEST_CASE("case 156: secrets of URLs on the command line are blanked, and nothing else") {
  CHECK(hidden("http://user:pass@host:80/a").word == "http://*********@host:80/a");
  CHECK(hidden("--baseline=http://t@host/").word == "--baseline=http://*@host/");
  CHECK(hidden("http://host/a?token=abc&b=c&d=#f").word == "http://host/a?token=***&b=*&d=#f");
  CHECK(hidden("http://host/a?secret").word == "http://host/a?******");
  CHECK(hidden("http://host?k=v").found);
  for (const std::string plain : {"gate", "--users", "http://host:80/a@b", "http://host/", "a?b=c", "user@host",
                                  "http://host/?a=", "http://host/#x@y", "://", ""}) {
    CAPTURE(plain);
    CHECK(hidden(plain).word == plain);
    CHECK_FALSE(hidden(plain).found);
  }
}

}  // namespace burstgate::cli
