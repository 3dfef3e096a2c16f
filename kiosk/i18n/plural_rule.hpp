// SPDX-License-Identifier: EUPL-1.2
// The plural rule of a language: the C expression in the header "Plural-Forms" of a .mo file, for
// example "nplurals=2; plural=(n != 1);". Apart from the file so that the rule can be tested with
// the six forms of Arabic. Norm: GNU gettext manual 11.2.6. The text comes from outside: size and
// depth are bounded. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"

namespace i18n {

class PluralRule {
  public:
    /// Two forms, the second for everything but one: the rule of German and English.
    PluralRule();

    /// Parses the value of the header line.
    /// errors   locale_bad: not this grammar, more than 16 levels deep, or more than 6 forms.
    static base::Result<PluralRule> parse(std::string_view header);

    /// Number of forms, 1..6.
    [[nodiscard]] std::uint32_t forms() const { return forms_; }
    /// The form for `n`: 0..forms()-1; an expression that points beyond the last form gives 0.
    [[nodiscard]] std::uint32_t form(std::uint64_t n) const;

  private:
    friend class PluralParser;
    enum class Op : std::uint8_t {
        number,
        n,
        choose,
        logical_or,
        logical_and,
        equal,
        not_equal,
        less,
        less_equal,
        greater,
        greater_equal,
        add,
        subtract,
        multiply,
        divide,
        modulo,
        negate
    };
    /// One node; operands are indices of earlier nodes, so evaluation is one pass from the front.
    struct Node {
        Op op = Op::number;
        std::uint64_t value = 0;
        std::uint32_t a = 0;
        std::uint32_t b = 0;
        std::uint32_t c = 0;
    };
    [[nodiscard]] static std::uint64_t binary(Op op, std::uint64_t a, std::uint64_t b);

    std::uint32_t forms_ = 2;
    std::vector<Node> nodes_;
};

}  // namespace i18n
