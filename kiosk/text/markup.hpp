// SPDX-License-Identifier: EUPL-1.2
// From UTF-8 with our one mark-up (**bold**) to code points with weight. Strict: a malformed byte
// becomes U+FFFD. Mark-up inside a bidi isolate is literal, so that an inserted name or number can
// never switch the weight. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace text {

enum class Weight : std::uint8_t { regular, bold };

struct Decoded {
    std::vector<std::uint32_t> codes;
    std::vector<Weight> weights;  ///< one per code
};

/// Decodes `utf8`; `base` is the weight outside of ** pairs.
[[nodiscard]] Decoded decode(std::string_view utf8, Weight base);

/// The words alone, for speech and the accessibility tree: without **, soft hyphens and isolates.
[[nodiscard]] std::string plain(std::string_view utf8);

/// Right-to-left languages of the product: ar, fa, ps, ckb, ur, he.
[[nodiscard]] bool is_right_to_left(std::string_view language);

}  // namespace text
