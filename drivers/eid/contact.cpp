// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/contact.hpp"

#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/eid/card_files.hpp"

namespace eid {
namespace {

base::Result<base::Bytes> read_card_access(Channel& channel) {
    auto file = read_file(channel, sfid_card_access);
    if (file) return file;
    const base::Errc code = file.error().code;
    const bool missing = code == base::Errc::file_missing || code == base::Errc::right_missing ||
                         code == base::Errc::card_status_unexpected;
    if (!missing) return file;
    // Somebody may have left the card in an application: its own 1C is another file, or none.
    if (!select_master_file(channel)) {
        return base::fail(base::Errc::card_foreign, "select master file", file.error().detail);
    }
    auto again = read_file(channel, sfid_card_access);
    if (!again && again.error().code == base::Errc::file_missing) {
        return base::fail(base::Errc::card_foreign, "card access", again.error().detail);
    }
    return again;
}

}  // namespace

base::Result<void> check_pin_state(PinState state, std::optional<PinState> expected, CanReady can) {
    if (expected && *expected != state) {
        return base::fail(base::Errc::pin_counter_moved, "pin state");
    }
    switch (state) {
        case PinState::deactivated:
            return base::fail(base::Errc::pin_deactivated, "pin state", 0x6283);
        case PinState::blocked:
            return base::fail(base::Errc::pin_blocked, "pin state", 0x63C0);
        case PinState::suspended:
            if (can == CanReady::yes) return {};
            return base::fail(base::Errc::pin_suspended, "pin state", 0x63C1);
        case PinState::two_tries:
        case PinState::three_tries:
            return {};
    }
    CHECK(false);
    return {};
}

base::Result<Contact> open_contact(Channel& channel) {
    TRY(file, read_card_access(channel));
    Contact contact;
    TRY(infos, parse_security_infos(file));
    contact.card_access = std::move(infos);
    contact.card_access_file = std::move(file);
    TRY(pace, choose_pace(contact.card_access));
    contact.pace = std::move(pace);
    contact.name_parameters = contact.card_access.pace_rows > 1;
    return contact;
}

base::Result<PinState> probe_pin(Channel& channel, const Contact& contact) {
    return select_pace(channel, contact.pace, {PasswordId::pin, {}, contact.name_parameters});
}

base::Result<PaceOutcome> pace_with(Channel& channel, const Contact& contact,
                                    const PacePassword& password, std::optional<Chat> chat,
                                    port::Random& random) {
    CHECK(!chat || password.opens_reading());
    TRY_VOID(select_pace(channel, contact.pace, {password.id(), chat, contact.name_parameters}));
    RandomPaceKeys keys(random);
    return run_pace(channel, contact.pace, password, keys, random);
}

base::Result<PaceOutcome> pace_with_pin(Channel& channel, const Contact& contact,
                                        const PinPace& request, port::Random& random) {
    const PaceSelection selection{PasswordId::pin, request.chat, contact.name_parameters};
    TRY(state, select_pace(channel, contact.pace, selection));
    TRY_VOID(
        check_pin_state(state, request.expected_state, request.can ? CanReady::yes : CanReady::no));
    if (state == PinState::suspended) {
        TRY_VOID(
            pace_with(channel, contact, PacePassword::of_can_to_resume(*request.can), {}, random));
        TRY(resumed, select_pace(channel, contact.pace, selection));
        // Inside the CAN's channel the state can only have become worse if somebody else was there
        // meanwhile.
        if (resumed == PinState::blocked || resumed == PinState::deactivated) {
            return base::fail(base::Errc::pin_counter_moved, "pin state in channel");
        }
    }
    if (request.observer != nullptr) request.observer->before_try(state);
    RandomPaceKeys keys(random);
    return run_pace(channel, contact.pace, PacePassword::of_pin(request.pin), keys, random);
}

}  // namespace eid
