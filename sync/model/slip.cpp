// SPDX-License-Identifier: EUPL-1.2
// The codes of a slip as text.
#include "sync/model/slip.hpp"

#include <algorithm>

#include "drivers/base/encoding.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace model {
namespace {

using base::Errc;

constexpr std::size_t check_bytes_max = 1'024;

}  // namespace

std::string encode(const CheckCode& code) {
    return JsonWriter()
        .text("id", base::to_text(code.declaration))
        .text("terminal", base::to_text(code.terminal))
        .text("date", to_text(code.date))
        .bytes("scope", code.scope)
        .bytes("secret_hash", code.secret_hash)
        .done();
}

base::Result<CheckCode> parse_check_payload(std::string_view text) {
    const auto json = parse_json(text, check_bytes_max);
    if (!json) return base::fail(Errc::slip_bad, json.error().where);
    JsonFields fields(*json);
    CheckCode code;
    code.declaration = fields.uuid("id");
    code.terminal = fields.uuid("terminal");
    const auto date = parse_date(fields.text("date", 10));
    if (!date) fields.refuse();
    code.date = date.value_or(Date{});
    const base::Bytes scope = fields.bytes("scope", code.scope.size(), code.scope.size());
    std::copy(scope.begin(), scope.end(), code.scope.begin());
    code.secret_hash = fields.digest("secret_hash");
    if (!fields.ok()) return base::fail(Errc::slip_bad, "check code members");
    return code;
}

std::string encode(const TakeBackCode& code) {
    return code.check_jws + '~' + base::to_base64url(code.secret.expose());
}

base::Result<TakeBackCode> parse_take_back(std::string_view text) {
    const std::size_t mark = text.find('~');
    if (mark == std::string_view::npos || mark == 0 || mark > check_bytes_max) {
        return base::fail(Errc::slip_bad, "take-back code form");
    }
    auto secret = base::from_base64url(text.substr(mark + 1));
    if (!secret || secret->size() != SlipSecret::capacity) {
        return base::fail(Errc::slip_bad, "take-back code secret");
    }
    TakeBackCode code{std::string(text.substr(0, mark)), SlipSecret(*secret)};
    base::wipe(*secret);
    return code;
}

}  // namespace model
