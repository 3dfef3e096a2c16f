// SPDX-License-Identifier: EUPL-1.2
// Reading the rows of an insight. Apart from the protocol (insight.hpp), which decides whether they
// may be believed. Pure, any thread.
#pragma once

#include "sync/model/json.hpp"
#include "sync/receipts/insight.hpp"

namespace receipts {

/// Nothing if the row breaks its form.
[[nodiscard]] std::optional<InsightRow> parse_insight_row(const model::Json& json);

}  // namespace receipts
