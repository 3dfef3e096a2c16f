// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/pin_management.hpp"

#include <utility>

#include "drivers/apdu/status.hpp"
#include "drivers/eid/dead_stack.hpp"
#include "drivers/eid/pace.hpp"

namespace eid {
namespace {

constexpr std::uint8_t ins_reset_retry_counter = 0x2C;
constexpr std::uint8_t ins_activate = 0x44;
constexpr std::uint8_t ins_deactivate = 0x04;
constexpr std::uint8_t the_pin_itself = 0x10;
constexpr std::uint8_t with_new_pin = 0x02;
constexpr std::uint8_t without_data = 0x03;
constexpr std::uint8_t pin_reference = 0x03;

base::Result<apdu::Answer> set_pin(Channel& channel, const Pin& new_pin) {
    apdu::Command command{0x00, ins_reset_retry_counter, with_new_pin, pin_reference, {}, {}};
    command.data.reserve(pin_digits);
    base::append(command.data, new_pin.expose());
    auto answer = channel.send(command);
    base::wipe(command.data);
    return answer;
}

base::Result<void> check_old_pin(const Pin& pin) {
    if (check_digits(pin.expose(), transport_pin_digits)) return {};
    return check_digits(pin.expose(), pin_digits);
}

}  // namespace

base::Result<PinState> read_pin_state(const PinCarePorts& ports) {
    Channel channel(ports.card, ports.stop);
    TRY(contact, open_contact(channel));
    return probe_pin(channel, contact);
}

base::Result<void> change_pin(PinChange change, const PinCarePorts& ports) {
    const DeadStackWipe wipe;
    TRY_VOID(check_old_pin(change.old_pin));
    TRY_VOID(check_digits(change.new_pin.expose(), pin_digits));
    if (change.can) TRY_VOID(check_digits(change.can->expose(), can_digits));
    Channel channel(ports.card, ports.stop);
    TRY(contact, open_contact(channel));
    TRY_VOID(pace_with_pin(channel, contact,
                           {change.old_pin, change.can, {}, change.expected_state, ports.observer},
                           ports.random));
    change.old_pin.wipe();
    TRY(answer, set_pin(channel, change.new_pin));
    switch (answer.sw) {
        case apdu::sw::ok:
            return {};
        case apdu::sw::data_invalid:
            return base::fail(base::Errc::secret_format_bad, "set pin", answer.sw);
        case apdu::sw::security_status:
            return base::fail(base::Errc::right_missing, "set pin", answer.sw);
        default:
            return base::fail(base::Errc::card_status_unexpected, "set pin", answer.sw);
    }
}

base::Result<void> resume_pin(PinResume resume, const PinCarePorts& ports) {
    const DeadStackWipe wipe;
    TRY_VOID(check_old_pin(resume.pin));
    TRY_VOID(check_digits(resume.can.expose(), can_digits));
    Channel channel(ports.card, ports.stop);
    TRY(contact, open_contact(channel));
    const std::optional<Can> can(std::move(resume.can));
    TRY_VOID(pace_with_pin(channel, contact,
                           {resume.pin, can, {}, resume.expected_state, ports.observer},
                           ports.random));
    return {};
}

base::Result<void> unblock_pin(PinUnblock unblock, const PinCarePorts& ports) {
    const DeadStackWipe wipe;
    TRY_VOID(check_digits(unblock.puk.expose(), puk_digits));
    if (unblock.new_pin) TRY_VOID(check_digits(unblock.new_pin->expose(), pin_digits));
    Channel channel(ports.card, ports.stop);
    TRY(contact, open_contact(channel));
    TRY(state, probe_pin(channel, contact));
    if (state == PinState::deactivated) {
        return base::fail(base::Errc::pin_deactivated, "unblock", apdu::sw::deactivated);
    }
    if (state != PinState::blocked) return base::fail(base::Errc::puk_not_needed, "unblock");
    TRY_VOID(pace_with(channel, contact, PacePassword::of_puk(unblock.puk), {}, ports.random));
    unblock.puk.wipe();
    const auto result =
        unblock.new_pin
            ? set_pin(channel, *unblock.new_pin)
            : channel.send({0x00, ins_reset_retry_counter, without_data, pin_reference, {}, {}});
    if (!result) return tl::unexpected(result.error());
    switch (result->sw) {
        case apdu::sw::ok:
            return {};
        case apdu::sw::data_invalid:
            return base::fail(base::Errc::secret_format_bad, "unblock", result->sw);
        case apdu::sw::security_status:
        case 0x6900:
            return base::fail(base::Errc::puk_inoperative, "unblock", result->sw);
        default:
            return base::fail(base::Errc::card_status_unexpected, "unblock", result->sw);
    }
}

base::Result<void> set_pin_activity(Channel& channel, PinActivity activity) {
    const auto ins = activity == PinActivity::activate ? ins_activate : ins_deactivate;
    TRY(answer, channel.send({0x00, ins, the_pin_itself, pin_reference, {}, {}}));
    if (answer.sw == apdu::sw::ok) return {};
    if (answer.sw == apdu::sw::security_status)
        return base::fail(base::Errc::right_missing, "pin activity", answer.sw);
    return base::fail(base::Errc::card_status_unexpected, "pin activity", answer.sw);
}

}  // namespace eid
