// SPDX-License-Identifier: EUPL-1.2
// Reading cited norms, see legal_basis.hpp.
#include "kiosk/consent/legal_basis.hpp"

#include <algorithm>
#include <charconv>

namespace consent {

namespace {

/// Words between blanks; the no-break space (C2 A0) that editors put after § counts as a blank.
std::vector<std::string> words_of(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool no_break = text.substr(at, 2) == "\xC2\xA0";
        const bool sign = text.substr(at, 2) == "\xC2\xA7";
        plain += no_break || sign ? std::string(" ") : std::string(1, text[at]);
        if (no_break || sign) ++at;
    }
    std::vector<std::string> out;
    std::size_t from = 0;
    while (from < plain.size()) {
        const std::size_t end = std::min(plain.find(' ', from), plain.size());
        if (end > from) out.push_back(plain.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

bool begins_with_digit(std::string_view word) {
    return !word.empty() && word[0] >= '0' && word[0] <= '9';
}

/// A number after one of these counts something inside the paragraph.
bool counts_inside(std::string_view word) {
    return word == "Abs." || word == "Absatz" || word == "Satz" || word == "S." || word == "Nr." ||
           word == "Nummer" || word == "Halbsatz" || word == "Buchst.";
}

int number_of(std::string_view paragraph) {
    int value = 0;
    // A malformed number stays 0 and matches nothing.
    (void)std::from_chars(paragraph.data(), paragraph.data() + paragraph.size(), value);
    return value;
}

bool cites(const Citation& citation, std::string_view paragraph, std::string_view law) {
    return citation.law == law && std::find(citation.paragraphs.begin(), citation.paragraphs.end(),
                                            paragraph) != citation.paragraphs.end();
}

}  // namespace

Citation parse_citation(std::string_view text) {
    Citation out;
    const auto words = words_of(text);
    std::string_view before;
    for (std::size_t at = 0; at < words.size(); ++at) {
        std::string word = words[at];
        if (word == "SGB" && at + 1 < words.size()) {
            out.law = "SGB " + words[at + 1];
            return out;
        }
        if (begins_with_digit(word) && !counts_inside(before)) {
            word.erase(std::find_if(word.begin(), word.end(),
                                    [](char c) { return c == ',' || c == '(' || c == ';'; }),
                       word.end());
            out.paragraphs.push_back(word);
        }
        before = words[at];
    }
    if (!words.empty()) out.law = words.back();
    return out;
}

bool permits_transfer(std::string_view citation) {
    const Citation parsed = parse_citation(citation);
    return cites(parsed, "50", "SGB II") || cites(parsed, "69", "SGB X") ||
           cites(parsed, "18b", "AZRG");
}

bool is_health_consent(std::string_view citation) {
    const Citation parsed = parse_citation(citation);
    return cites(parsed, "9", "DSGVO") || cites(parsed, "67b", "SGB X");
}

bool is_transmission_norm(std::string_view citation) {
    const Citation parsed = parse_citation(citation);
    if (parsed.law != "SGB X") return false;
    return std::any_of(parsed.paragraphs.begin(), parsed.paragraphs.end(), [](const auto& p) {
        return p == "67d" || p == "67e" || (number_of(p) >= 68 && number_of(p) <= 77);
    });
}

}  // namespace consent
