// SPDX-License-Identifier: EUPL-1.2
// PIN management functions: see pin_management.hpp.
#include "tests/card/pin_management.hpp"

#include <algorithm>

namespace card {
namespace {

enum class By { nobody, pin, puk, authority };

By who(const SecurityStatus& status) {
    if (status.effective().has(right::pin_management)) return By::authority;
    if (!status.pace) return By::nobody;
    if (status.pace->password == PasswordId::pin) return By::pin;
    return status.pace->password == PasswordId::puk ? By::puk : By::nobody;
}

StatusWord check_digits(View data) {
    if (data.size() != 6) return sw::not_usable;
    const bool digits =
        std::all_of(data.begin(), data.end(), [](std::uint8_t c) { return c >= '0' && c <= '9'; });
    return digits ? sw::ok : sw::wrong_data;
}

// Takes one of the ten uses of the PUK, if it is the PUK that asks.
StatusWord use_puk(By by, Passwords& passwords) {
    if (by != By::puk) return sw::ok;
    if (passwords.puk_uses == 0) return sw::security_status;
    --passwords.puk_uses;
    return sw::ok;
}

StatusWord set_pin(View data, By by, Passwords& passwords) {
    if (by == By::nobody) return sw::security_status;
    if (!passwords.pin_active && by != By::authority) return sw::not_usable;
    const StatusWord form = check_digits(data);
    if (form != sw::ok) return form;
    const StatusWord use = use_puk(by, passwords);
    if (use != sw::ok) return use;
    passwords.pin = to_text(data);
    passwords.pin_tries = pin_tries_max;
    return sw::ok;
}

StatusWord unblock(View data, By by, Passwords& passwords) {
    if (by != By::puk && by != By::authority) return sw::security_status;
    if (!data.empty()) return sw::wrong_data;
    if (!passwords.pin_active) return sw::not_usable;
    const StatusWord use = use_puk(by, passwords);
    if (use != sw::ok) return use;
    passwords.pin_tries = pin_tries_max;
    return sw::ok;
}

}  // namespace

StatusWord reset_retry_counter(const Command& command, const SecurityStatus& status,
                               Passwords& passwords) {
    const By by = who(status);
    switch (command.p1p2()) {
        case 0x0203:
            return set_pin(command.data, by, passwords);
        case 0x0303:
            return unblock(command.data, by, passwords);
        case 0x0202: {
            if (by != By::authority) return sw::security_status;
            const StatusWord form = check_digits(command.data);
            if (form == sw::ok) passwords.can = to_text(command.data);
            return form;
        }
        default:
            return sw::wrong_parameters;
    }
}

StatusWord set_pin_active(const Command& command, Activity activity, const SecurityStatus& status,
                          Passwords& passwords) {
    if (command.p1p2() != 0x1003) return sw::wrong_parameters;
    if (!command.data.empty()) return sw::wrong_data;
    if (who(status) != By::authority) return sw::security_status;
    passwords.pin_active = activity == Activity::activate;
    return sw::ok;
}

}  // namespace card
