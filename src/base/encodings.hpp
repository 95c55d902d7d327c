// Texts in other alphabets: percent signs, base64, digests.
#pragma once

#include <string>
#include <string_view>

namespace burstgate {

// RFC 3986: every byte but letters, digits and -._~ as %XX.
void append_percent_encoded(std::string& out, std::string_view text);
// application/x-www-form-urlencoded: the same with '+' for a blank.
void append_form_encoded(std::string& out, std::string_view text);
// Only what may not stand in a request target as %XX: blanks, controls, bytes above ASCII, and any of "<>\^`{|}#.
void append_target_encoded(std::string& out, std::string_view text);

// RFC 4648, with padding.
std::string base64(std::string_view bytes);

// SHA-256, lower-case hex.
std::string sha256(std::string_view bytes);

}  // namespace burstgate
