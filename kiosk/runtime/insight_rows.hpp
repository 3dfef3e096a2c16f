// SPDX-License-Identifier: EUPL-1.2
// Between the backend's rows and the words of the screens: receipts::InsightPage -> core::Known.
// Pure but for the time zone of the device, insight thread.
#pragma once

#include "kiosk/core/insight.hpp"
#include "sync/receipts/insight.hpp"

namespace runtime {

/// What a verified page says. `terminal` is this one: what was recorded elsewhere is marked.
[[nodiscard]] core::Known to_known(receipts::InsightPage page, const base::Uuid& terminal,
                                   model::Date today);

}  // namespace runtime
