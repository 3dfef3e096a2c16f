// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/control.hpp"

#include <reader.h>
#include <winscard.h>

#include "drivers/base/limits.hpp"
#include "drivers/pcsc/errors.hpp"
#include "drivers/pcsc/pad_coding.hpp"
#include "drivers/pcsc/reader_features.hpp"

namespace pcsc {
namespace {

static_assert(FEATURE_EXECUTE_PACE == static_cast<int>(Feature::execute_pace));
static_assert(FEATURE_MODIFY_PIN_DIRECT == static_cast<int>(Feature::modify_pin_direct));
static_assert(FEATURE_GET_TLV_PROPERTIES == static_cast<int>(Feature::tlv_properties));

void leave_card(RawHandle handle) {
    SCardDisconnect(handle, SCARD_LEAVE_CARD);
}

}  // namespace

base::Result<base::Bytes> control(RawHandle handle, std::uint32_t code, base::ByteView input) {
    base::Bytes answer(limits::pad_answer_bytes_max);
    DWORD size = 0;
    const LONG result = SCardControl(handle, code, input.empty() ? nullptr : input.data(),
                                     input.size(), answer.data(), answer.size(), &size);
    if (result != SCARD_S_SUCCESS) return fail(result, "control");
    if (size > answer.size()) return base::fail(base::Errc::card_answer_bad, "control");
    answer.resize(size);
    return answer;
}

ReaderInfo learn_reader(const Control& control) {
    ReaderInfo info;
    const auto features = control(CM_IOCTL_GET_FEATURE_REQUEST, {});
    if (!features) return info;
    if (const auto code = control_code_of(*features, Feature::tlv_properties)) {
        if (const auto properties = control(*code, {})) {
            info.apdu_bytes = apdu_bytes_of(*properties);
        }
    }
    info.pace_code = control_code_of(*features, Feature::execute_pace);
    if (!info.pace_code) return info;
    const auto answer = control(*info.pace_code, encode_capabilities_request());
    if (!answer) return info;
    const auto abilities = decode_capabilities(*answer);
    if (!abilities) return info;
    info.pad = *abilities;
    info.modify_code = control_code_of(*features, Feature::modify_pin_direct);
    info.pad->new_pin = info.modify_code.has_value();
    return info;
}

base::Result<ReaderInfo> describe_reader(const Context& context, const std::string& reader) {
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    const LONG code =
        SCardConnect(context.get(), reader.c_str(), SCARD_SHARE_DIRECT, 0, &handle, &protocol);
    if (code != SCARD_S_SUCCESS) return fail(code, "connect reader");
    const base::Handle<RawHandle, leave_card> owner(handle);
    return learn_reader([&owner](std::uint32_t number, base::ByteView input) {
        return control(owner.get(), number, input);
    });
}

}  // namespace pcsc
