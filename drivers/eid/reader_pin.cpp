// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/reader_pin.hpp"

#include "drivers/apdu/status.hpp"
#include "drivers/eid/reader_pace.hpp"

namespace eid {
namespace {

base::Result<void> prove_pin(const PinCarePorts& ports, port::PinPad& pad,
                             std::optional<PinState> expected) {
    Channel channel(ports.card, ports.stop);
    TRY(contact, open_contact(channel));
    TRY_VOID(
        pace_at_reader(channel, contact,
                       {pad, WithReaderPin::Suspended::ask_can, {}, {}, expected, ports.observer}));
    return {};
}

base::Result<void> judge_new_pin(std::uint16_t status) {
    switch (status) {
        case apdu::sw::ok:
            return {};
        case apdu::sw::data_invalid:
            return base::fail(base::Errc::secret_format_bad, "set pin", status);
        case apdu::sw::security_status:
            return base::fail(base::Errc::right_missing, "set pin", status);
        default:
            return base::fail(base::Errc::card_status_unexpected, "set pin", status);
    }
}

}  // namespace

base::Result<void> resume_pin_at_reader(const PinCarePorts& ports,
                                        std::optional<PinState> expected) {
    port::PinPad* pad = ports.card.pin_pad();
    if (pad == nullptr) return base::fail(base::Errc::reader_feature_missing, "pin pad");
    return prove_pin(ports, *pad, expected);
}

base::Result<void> change_pin_at_reader(const PinCarePorts& ports,
                                        std::optional<PinState> expected) {
    port::PinPad* pad = ports.card.pin_pad();
    if (pad == nullptr || !pad->abilities().new_pin) {
        return base::fail(base::Errc::reader_feature_missing, "pin pad");
    }
    TRY_VOID(prove_pin(ports, *pad, expected));
    if (ports.stop.stop_requested()) return base::fail(base::Errc::cancelled, "pad new pin");
    TRY(status, pad->type_new_pin());
    return judge_new_pin(status);
}

}  // namespace eid
