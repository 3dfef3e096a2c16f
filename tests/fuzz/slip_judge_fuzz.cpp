// SPDX-License-Identifier: EUPL-1.2
// What anybody may hold to the reader: a take-back code is whole only if its open half comes out of
// it again.
#include "drivers/base/check.hpp"
#include "kiosk/runtime/slip_judge.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::ByteView text(data, size);
    const auto judged = runtime::judge_code(text, {});
    const bool whole = std::holds_alternative<core::TakeBackSlip>(judged.slip);
    CHECK(whole == !judged.check_jws.empty());
    CHECK(base::as_text(text).find(judged.check_jws) != std::string_view::npos);
    return 0;
}
