// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/reader_pin.hpp"

#include "drivers/eid/reader_pace.hpp"

namespace eid {

base::Result<void> resume_pin_at_reader(const PinCarePorts& ports,
                                        std::optional<PinState> expected) {
    port::PinPad* pad = ports.card.pin_pad();
    if (pad == nullptr) return base::fail(base::Errc::reader_feature_missing, "pin pad");
    Channel channel(ports.card, ports.stop);
    TRY(contact, open_contact(channel, ports.card.atr()));
    TRY_VOID(pace_at_reader(
        channel, contact,
        {*pad, WithReaderPin::Suspended::ask_can, {}, {}, expected, ports.observer}));
    return {};
}

}  // namespace eid
