#include "base/encodings.hpp"

#include <doctest/doctest.h>

using namespace burstgate;

namespace {

std::string made(void (*append)(std::string&, std::string_view), std::string_view text) {
  std::string out;
  append(out, text);
  return out;
}

}  // namespace

TEST_CASE("percent encoding leaves letters, digits and -._~ alone") {
  CHECK(made(append_percent_encoded, "aZ09-._~") == "aZ09-._~");
  CHECK(made(append_percent_encoded, "a b/c?d&e=%+\xc3\xa9\n") == "a%20b%2Fc%3Fd%26e%3D%25%2B%C3%A9%0A");
  CHECK(made(append_form_encoded, "a b+c") == "a+b%2Bc");
  CHECK(made(append_target_encoded, "/a/b?c=d&e=%20[1]") == "/a/b?c=d&e=%20[1]");
  CHECK(made(append_target_encoded, "a b\r\n#\x7f\xff") == "a%20b%0D%0A%23%7F%FF");
}

TEST_CASE("base64 and SHA-256 are those of their standards") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("Aladdin:open sesame") == "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
