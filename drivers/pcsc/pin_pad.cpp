// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/pin_pad.hpp"

#include <utility>
#include <variant>

#include "drivers/pcsc/pad_coding.hpp"

namespace pcsc {

base::Result<port::PadOutcome> PinPad::establish(const port::PadRequest& request) {
    // Without a template any ability will do: a reader made for eID asks for the CAN before a
    // suspended PIN, too.
    const bool able = request.chat.empty() ? abilities_.pace || abilities_.eid : abilities_.eid;
    if (!able) return base::fail(base::Errc::reader_feature_missing, "pad");
    TRY(answer, control_(codes_.pace, encode_establish_request(request)));
    auto outcome =
        decode_establish(answer, request.chat.empty() ? Template::absent : Template::given);
    // An answer that cannot be read may stand for a channel, too.
    const bool opened = outcome ? std::holds_alternative<port::PadChannel>(*outcome)
                                : outcome.error().code == base::Errc::card_answer_bad;
    if (opened) opened_ = true;
    return outcome;
}

base::Result<std::uint16_t> PinPad::type_new_pin() {
    if (!abilities_.new_pin) return base::fail(base::Errc::reader_feature_missing, "pad new pin");
    TRY(answer, control_(codes_.modify, encode_new_pin_request()));
    return decode_new_pin(answer);
}

void PinPad::end_channel() {
    if (!std::exchange(opened_, false) || !abilities_.end_channel) return;
    // Whatever it answers, the reset that follows is what counts.
    (void)control_(codes_.pace, encode_end_request()).has_value();
}

}  // namespace pcsc
