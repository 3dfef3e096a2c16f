// SPDX-License-Identifier: EUPL-1.2
// Parser (recursive descent with a depth limit) and evaluator (one pass over the nodes) of plural
// rules.
#include "kiosk/i18n/plural_rule.hpp"

#include <array>

#include "drivers/base/limits.hpp"

namespace i18n {

class PluralParser {
  public:
    explicit PluralParser(std::string_view text) : rest_(text) {}

    base::Result<PluralRule> run() {
        PluralRule rule;
        rule.nodes_.clear();
        if (!word("nplurals") || !symbol("=")) return bad();
        const auto forms = number();
        if (!forms || *forms < 1 || *forms > limits::plural_forms_max || !symbol(";")) return bad();
        if (!word("plural") || !symbol("=")) return bad();
        rule.forms_ = static_cast<std::uint32_t>(*forms);
        rule_ = &rule;
        const auto root = choose(0);
        if (!root) return bad();
        (void)symbol(";");  // gettext files end with it, the manual's grammar does not ask for it
        blanks();
        if (!rest_.empty()) return bad();
        return rule;
    }

  private:
    using Op = PluralRule::Op;
    using Index = std::optional<std::uint32_t>;
    struct Level {
        std::string_view symbol;
        Op op;
    };

    static tl::unexpected<base::Error> bad() {
        return base::fail(base::Errc::locale_bad, "plural forms");
    }
    void blanks() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
            rest_.remove_prefix(1);
    }
    bool symbol(std::string_view wanted) {
        blanks();
        if (!rest_.starts_with(wanted)) return false;
        // "<" must not eat the front of "<=", nor "!" that of "!=".
        if ((wanted == "<" || wanted == ">" || wanted == "!") && rest_.size() > 1 &&
            rest_[1] == '=') {
            return false;
        }
        rest_.remove_prefix(wanted.size());
        return true;
    }
    bool word(std::string_view wanted) { return symbol(wanted); }
    std::optional<std::uint64_t> number() {
        blanks();
        std::uint64_t value = 0;
        std::size_t digits = 0;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            if (++digits > 9) return std::nullopt;
            value = value * 10 + static_cast<std::uint64_t>(rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        if (digits == 0) return std::nullopt;
        return value;
    }
    Index add(PluralRule::Node node) {
        if (rule_->nodes_.size() == limits::plural_nodes_max) return std::nullopt;
        rule_->nodes_.push_back(node);
        return static_cast<std::uint32_t>(rule_->nodes_.size() - 1);
    }

    // Depth counts parentheses, '!' and the arms of '?:'; that bounds the recursion.
    // NOLINTBEGIN(misc-no-recursion)
    Index choose(std::size_t depth) {
        if (depth > limits::plural_depth_max) return std::nullopt;
        const auto condition = binary(depth, 0);
        if (!condition || !symbol("?")) return condition;
        const auto yes = choose(depth + 1);
        if (!yes || !symbol(":")) return std::nullopt;
        const auto no = choose(depth + 1);
        if (!no) return std::nullopt;
        return add({Op::choose, 0, *condition, *yes, *no});
    }
    Index binary(std::size_t depth, std::size_t level) {
        static constexpr std::array<std::array<Level, 4>, 6> levels{{
            {{{"||", Op::logical_or}}},
            {{{"&&", Op::logical_and}}},
            {{{"==", Op::equal}, {"!=", Op::not_equal}}},
            {{{"<=", Op::less_equal},
              {">=", Op::greater_equal},
              {"<", Op::less},
              {">", Op::greater}}},
            {{{"+", Op::add}, {"-", Op::subtract}}},
            {{{"*", Op::multiply}, {"/", Op::divide}, {"%", Op::modulo}}},
        }};
        if (level == levels.size()) return unary(depth);
        Index left = binary(depth, level + 1);
        while (left) {
            const Level* found = nullptr;
            for (const Level& candidate : levels[level]) {
                if (candidate.symbol.empty() || !symbol(candidate.symbol)) continue;
                found = &candidate;
                break;
            }
            if (found == nullptr) return left;
            const auto right = binary(depth, level + 1);
            if (!right) return std::nullopt;
            left = add({found->op, 0, *left, *right, 0});
        }
        return left;
    }
    Index unary(std::size_t depth) {
        if (depth > limits::plural_depth_max) return std::nullopt;
        if (symbol("!")) {
            const auto inner = unary(depth + 1);
            if (!inner) return std::nullopt;
            return add({Op::negate, 0, *inner, 0, 0});
        }
        if (symbol("(")) {
            const auto inner = choose(depth + 1);
            if (!inner || !symbol(")")) return std::nullopt;
            return inner;
        }
        if (word("n")) return add({Op::n, 0, 0, 0, 0});
        const auto value = number();
        if (!value) return std::nullopt;
        return add({Op::number, *value, 0, 0, 0});
    }
    // NOLINTEND(misc-no-recursion)

    std::string_view rest_;
    PluralRule* rule_ = nullptr;
};

PluralRule::PluralRule()
    : nodes_{{Op::n, 0, 0, 0, 0}, {Op::number, 1, 0, 0, 0}, {Op::not_equal, 0, 0, 1, 0}} {}

base::Result<PluralRule> PluralRule::parse(std::string_view header) {
    if (header.size() > limits::plural_text_bytes_max) {
        return base::fail(base::Errc::locale_bad, "plural forms");
    }
    return PluralParser(header).run();
}

std::uint64_t PluralRule::binary(Op op, std::uint64_t a, std::uint64_t b) {
    switch (op) {
        case Op::logical_or:
            return (a != 0 || b != 0) ? 1 : 0;
        case Op::logical_and:
            return (a != 0 && b != 0) ? 1 : 0;
        case Op::equal:
            return a == b ? 1 : 0;
        case Op::not_equal:
            return a != b ? 1 : 0;
        case Op::less:
            return a < b ? 1 : 0;
        case Op::less_equal:
            return a <= b ? 1 : 0;
        case Op::greater:
            return a > b ? 1 : 0;
        case Op::greater_equal:
            return a >= b ? 1 : 0;
        case Op::add:
            return a + b;
        case Op::subtract:
            return a - b;
        case Op::multiply:
            return a * b;
        case Op::divide:
            return b == 0 ? 0 : a / b;  // no trap for a rule that divides by nothing
        case Op::modulo:
            return b == 0 ? 0 : a % b;
        case Op::number:
        case Op::n:
        case Op::choose:
        case Op::negate:
            break;
    }
    return 0;
}

std::uint32_t PluralRule::form(std::uint64_t n) const {
    std::array<std::uint64_t, limits::plural_nodes_max> value{};
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const Node& node = nodes_[i];
        switch (node.op) {
            case Op::number:
                value[i] = node.value;
                break;
            case Op::n:
                value[i] = n;
                break;
            case Op::choose:
                value[i] = value[node.a] != 0 ? value[node.b] : value[node.c];
                break;
            case Op::negate:
                value[i] = value[node.a] == 0 ? 1 : 0;
                break;
            default:
                value[i] = binary(node.op, value[node.a], value[node.b]);
                break;
        }
    }
    const std::uint64_t form = nodes_.empty() ? 0 : value[nodes_.size() - 1];
    return form < forms_ ? static_cast<std::uint32_t>(form) : 0;
}

}  // namespace i18n
