// Text that people read: making outside bytes visible, and finding the word that was meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burstgate {

// The text with every byte that a terminal or a log could act on written as \xNN: C0 and C1 controls (newlines
// too), DEL, invalid UTF-8, bidirectional controls and zero-width characters (as \u{202e}). Printable UTF-8 stays.
std::string visible(std::string_view text);

// At most `max_bytes` of the text, cut at a character boundary with "..." when something was left out.
std::string elided(std::string_view text, std::size_t max_bytes);

// The word in `known` nearest to `word` by edit distance (transpositions count once), or empty when none is near
// (distance above a third of the word's length, at least 1).
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

// "; did you mean 'x'?" as a hint without the leading "; ", or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

std::string join(const std::vector<std::string>& words, std::string_view separator);

}  // namespace burstgate
