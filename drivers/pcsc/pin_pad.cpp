// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/pin_pad.hpp"

#include "drivers/pcsc/pad_coding.hpp"

namespace pcsc {

base::Result<port::PadOutcome> PinPad::establish(const port::PadRequest& request) {
    // Without a template any ability will do: a reader made for eID asks for the CAN before a
    // suspended PIN, too.
    const bool able = request.chat.empty() ? abilities_.pace || abilities_.eid : abilities_.eid;
    if (!able) return base::fail(base::Errc::reader_feature_missing, "pad");
    TRY(answer, control_(code_, encode_establish_request(request)));
    return decode_establish(answer, request.chat.empty() ? Template::absent : Template::given);
}

}  // namespace pcsc
