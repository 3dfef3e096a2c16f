// SPDX-License-Identifier: EUPL-1.2
// How a German text may speak: short sentences, and never certain words. Rules: LR-22, design
// section 6.
#include <algorithm>
#include <array>
#include <string>

#include "kiosk/consent/catalogue_rules.hpp"

namespace consent {

namespace {

constexpr unsigned sentence_words_max = 12;
constexpr std::array<std::string_view, 6> words_never{"Fehler",    "ungültig", "abgelehnt",
                                                      "empfohlen", "nur noch", "!"};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Lower case for ASCII; umlauts of the forbidden words are written small in both places.
std::string lower_ascii(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

/// "6." and "12.11.2026" end no sentence, "bleibt gesagt." does.
bool ends_sentence(std::string_view word) {
    const char last = word.back();
    if (last == '?' || last == '!') return true;
    if (last != '.') return false;
    return word.size() == 1 || word[word.size() - 2] < '0' || word[word.size() - 2] > '9';
}

unsigned longest_sentence(std::string_view text) {
    unsigned longest = 0;
    unsigned count = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty() || word == "–") continue;  // a dash is no word
        longest = std::max(longest, ++count);
        if (ends_sentence(word)) count = 0;
    }
    return longest;
}

}  // namespace

std::vector<std::string> wording_faults(std::string_view german_text) {
    std::vector<std::string> out;
    const std::string small = lower_ascii(german_text);
    for (const std::string_view word : words_never) {
        if (small.find(lower_ascii(word)) != std::string::npos) {
            out.push_back("contains \"" + std::string(word) + "\"");
        }
    }
    const unsigned longest = longest_sentence(german_text);
    if (longest > sentence_words_max) {
        out.push_back("has a sentence of " + std::to_string(longest) + " words");
    }
    return out;
}

}  // namespace consent
