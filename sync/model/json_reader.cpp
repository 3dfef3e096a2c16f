// SPDX-License-Identifier: EUPL-1.2
#include "sync/model/json_reader.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/base/limits.hpp"
#include "sync/model/text_rules.hpp"

namespace model {
namespace {

using base::Errc;

/// May stand in a string as it is, and is one byte.
bool is_plain(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, std::uint32_t c) {
    const auto add = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    const auto add_rest = [&](unsigned shift) { add(0x80U | (c >> shift & 0x3FU)); };
    if (c < 0x80) return add(c);
    if (c < 0x800) {
        add(0xC0U | c >> 6U);
    } else if (c < 0x1'0000) {
        add(0xE0U | c >> 12U);
        add_rest(6);
    } else {
        add(0xF0U | c >> 18U);
        add_rest(12);
        add_rest(6);
    }
    add_rest(0);
}

/// Reads one text. Containers that are still open lie on a stack of its own: text from outside
/// steers no recursion.
class Reader {
  public:
    explicit Reader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    base::Result<Json> read() {
        Json root;
        TRY_VOID(value(root));
        while (!open_.empty()) TRY_VOID(member());
        skip_space();
        if (at_ != end_) return bad();
        return root;
    }

  private:
    static tl::unexpected<base::Error> bad() { return base::fail(Errc::message_bad, "json"); }

    /// True if the text goes on with this character, which is then behind us.
    bool take(char c) {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }

    void skip_space() {
        at_ = std::find_if(at_, end_,
                           [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
    }

    /// The next member or item of the innermost container, or its end.
    base::Result<void> member() {
        Json& container = *open_.back();
        skip_space();
        if (take(container.is_object() ? '}' : ']')) {
            open_.pop_back();
            return {};
        }
        if (!container.empty() && !take(',')) return bad();
        if (container.is_array()) return value(container.get_ref<Json::array_t&>().emplace_back());
        skip_space();
        TRY(key, string());
        skip_space();
        if (!take(':')) return bad();
        auto& members = container.get_ref<Json::object_t&>();
        const auto [place, fresh] = members.emplace(std::move(key), nullptr);
        if (!fresh) return base::fail(Errc::message_bad, "json key twice");
        return value(place->second);
    }

    base::Result<void> value(Json& out) {
        skip_space();
        if (at_ == end_) return bad();
        switch (*at_) {
            case '{':
                return open(out, Json::object());
            case '[':
                return open(out, Json::array());
            case '"': {
                TRY(text, string());
                out = std::move(text);
                return {};
            }
            case 't':
                return word("true", out, true);
            case 'f':
                return word("false", out, false);
            case 'n':
                return word("null", out, nullptr);
            default:
                return number(out);
        }
    }

    base::Result<void> open(Json& out, Json empty) {
        if (open_.size() == limits::json_depth_max) {
            return base::fail(Errc::message_bad, "json depth");
        }
        ++at_;
        out = std::move(empty);
        // It stays where it is: nothing is added to its own container before it is closed.
        open_.push_back(&out);
        return {};
    }

    base::Result<void> word(std::string_view text, Json& out, Json value) {
        if (!rest().starts_with(text)) return bad();
        at_ += text.size();
        out = std::move(value);
        return {};
    }

    base::Result<std::string> string() {
        if (!take('"')) return bad();
        std::string out;
        while (true) {
            const char* const plain = at_;
            at_ = std::find_if_not(at_, end_, is_plain);
            out.append(plain, at_);
            if (take('"')) return out;
            if (take('\\')) {
                TRY_VOID(escape(out));
                continue;
            }
            const std::size_t bytes = utf8_bytes(rest());
            if (bytes < 2) return bad();  // the end, a control character or no UTF-8
            out.append(at_, bytes);
            at_ += bytes;
        }
    }

    base::Result<void> escape(std::string& out) {
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
        if (take('u')) return code_point(out);
        const std::size_t which = at_ == end_ ? names.npos : names.find(*at_);
        if (which == names.npos) return bad();
        ++at_;
        out.push_back(meant[which]);
        return {};
    }

    base::Result<void> code_point(std::string& out) {
        TRY(unit, code_unit());
        if (unit >= 0xDC00 && unit <= 0xDFFF) return bad();
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            if (!take('\\') || !take('u')) return bad();
            TRY(low, code_unit());
            if (low < 0xDC00 || low > 0xDFFF) return bad();
            unit = 0x1'0000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
        }
        append_utf8(out, unit);
        return {};
    }

    base::Result<std::uint32_t> code_unit() {
        constexpr std::ptrdiff_t digits = 4;
        if (end_ - at_ < digits) return bad();
        std::uint32_t unit = 0;
        const auto [last, error] = std::from_chars(at_, at_ + digits, unit, 16);
        if (error != std::errc{} || last != at_ + digits) return bad();
        at_ = last;
        return unit;
    }

    bool digits() {
        const char* const first = at_;
        at_ = std::find_if_not(at_, end_, is_decimal);
        return at_ != first;
    }

    /// Whole numbers stay whole as far as 64 bits go.
    base::Result<void> number(Json& out) {
        const char* const first = at_;
        const bool negative = take('-');
        if (!take('0') && !digits()) return bad();
        bool whole = true;
        if (take('.')) {
            whole = false;
            if (!digits()) return bad();
        }
        if (take('e') || take('E')) {
            whole = false;
            if (!take('+')) (void)take('-');  // either sign or none
            if (!digits()) return bad();
        }
        if (whole && !negative && store<std::uint64_t>(first, out)) return {};
        if (whole && negative && store<std::int64_t>(first, out)) return {};
        if (store<double>(first, out)) return {};
        return base::fail(Errc::message_bad, "json number");
    }

    /// True if the number from `first` to here fits.
    template <class Number>
    bool store(const char* first, Json& out) const {
        Number number{};
        if (std::from_chars(first, at_, number).ec != std::errc{}) return false;
        out = number;
        return true;
    }

    [[nodiscard]] std::string_view rest() const {
        return {at_, static_cast<std::size_t>(end_ - at_)};
    }

    const char* at_;
    const char* const end_;
    std::vector<Json*> open_;
};

}  // namespace

base::Result<Json> read_json(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return Reader(text).read();
}

}  // namespace model
