// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/reader_pace.hpp"

#include <algorithm>
#include <utility>

#include "drivers/crypto/ec.hpp"

namespace eid {
namespace {

PasswordId id_of(port::PadPassword password) {
    return static_cast<PasswordId>(password);
}

base::Error error_of(port::PadPassword password, const port::PadRefusal& refusal) {
    using Step = port::PadRefusal::Step;
    const PasswordId id = id_of(password);
    switch (refusal.step) {
        case Step::select_file:
        case Step::read_file:
            break;  // we have just read that file
        case Step::select_pace: {
            // A state with tries left is no reason to stop: only what ends a run is looked for.
            const auto state = judge_selection(id, refusal.status);
            if (!state) return state.error();
            if (const auto check = check_pin_state(*state, {}, CanReady::no); !check) {
                return check.error();
            }
            break;
        }
        case Step::pace:
            return {errc_of_pace(id, refusal.status), "pad pace", refusal.status};
    }
    return {base::Errc::card_status_unexpected, "pad", refusal.status};
}

/// The reader chose protocol and curve from its own copy of the file; cards pad the file with
/// zeros.
bool same_file(base::ByteView ours, base::ByteView readers) {
    if (readers.size() < ours.size() || !base::equal(readers.first(ours.size()), ours)) {
        return false;
    }
    return std::ranges::all_of(readers.subspan(ours.size()), [](auto byte) { return byte == 0; });
}

/// One entry at the pad.
base::Result<port::PadChannel> establish(Channel& channel, const Contact& contact,
                                         port::PinPad& pad, const port::PadRequest& request) {
    if (channel.stopped()) return base::fail(base::Errc::cancelled, "pad");
    TRY(outcome, pad.establish(request));
    if (const auto* refusal = std::get_if<port::PadRefusal>(&outcome)) {
        return tl::unexpected(error_of(request.password, *refusal));
    }
    channel.secure_by_reader();
    auto& opened = std::get<port::PadChannel>(outcome);
    if (!same_file(contact.card_access_file, opened.card_access)) {
        return base::fail(base::Errc::pace_failed, "pad card access");
    }
    return std::move(opened);
}

base::Result<PinState> resume_with_can(Channel& channel, const Contact& contact,
                                       const ReaderPace& request, const PaceSelection& selection) {
    TRY_VOID(establish(channel, contact, request.pad, {port::PadPassword::can, {}, {}}));
    TRY(state, select_pace(channel, contact.pace, selection));
    if (state == PinState::blocked || state == PinState::deactivated) {
        return base::fail(base::Errc::pin_counter_moved, "pin state in channel");
    }
    return state;
}

/// Comp(key) is as long as the curve; with one PACE row the reader had no other to choose.
bool fits(const Contact& contact, base::ByteView chip_id) {
    return contact.name_parameters || chip_id.size() == crypto::curve_bytes(*contact.pace.curve);
}

}  // namespace

base::Result<PaceOutcome> pace_at_reader(Channel& channel, const Contact& contact,
                                         const ReaderPace& request) {
    const PaceSelection selection{PasswordId::pin, request.chat, contact.name_parameters};
    const bool asks_can = request.suspended == WithReaderPin::Suspended::ask_can;
    TRY(state, select_pace(channel, contact.pace, selection));
    TRY_VOID(
        check_pin_state(state, request.expected_state, asks_can ? CanReady::yes : CanReady::no));
    PinState before = state;
    if (state == PinState::suspended) {
        TRY(resumed, resume_with_can(channel, contact, request, selection));
        before = resumed;
    }
    if (request.observer != nullptr) request.observer->before_try(state);
    const base::Bytes chat = request.chat ? encode_chat(*request.chat) : base::Bytes{};
    TRY(opened, establish(channel, contact, request.pad,
                          {port::PadPassword::pin, chat, request.description}));
    const auto met = judge_selection(PasswordId::pin, opened.select_status);
    if (!met || *met != before) {
        return base::fail(base::Errc::pin_counter_moved, "pad pin state", opened.select_status);
    }
    if (request.chat && !fits(contact, opened.chip_id)) {
        return base::fail(base::Errc::pace_failed, "pad chip id");
    }
    return PaceOutcome{std::move(opened.chip_id), std::move(opened.authority_references)};
}

}  // namespace eid
