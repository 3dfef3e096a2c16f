// SPDX-License-Identifier: EUPL-1.2
// The frames of the third socket between kiosk and syncd: the kiosk asks what is known about the
// person who stands there (sync/receipts/insight.hpp). syncd sees sealed text in both directions.
// Same layout as frame.hpp, both ends link this file. Pure, any thread.
//
//   kiosk -> syncd   162 ASK_INSIGHT jwe
//   syncd -> kiosk   35 INSIGHT jwe   36 INSIGHT_REFUSED u16 Errc
// One request, one answer.
#pragma once

#include <string>
#include <variant>

#include "sync/outbox/frame.hpp"

namespace outbox {

struct AskInsight {
    std::string jwe;  ///< 1..limits::insight_body_bytes_max
};
struct Insight {
    std::string jwe;  ///< 1..limits::insight_answer_bytes_max
};
struct InsightRefused {
    std::uint16_t errc = 0;  ///< number of an Errc
};
using InsightAnswer = std::variant<Insight, InsightRefused>;

/// What is within its bounds (CHECKed): whoever calls has made it or read it with a bound.
[[nodiscard]] base::Bytes write_insight_request(const AskInsight& request);
[[nodiscard]] base::Bytes write_insight_answer(const InsightAnswer& answer);
/// errors  message_bad: a type of another direction or socket, or text that is no compact JWE.
base::Result<AskInsight> read_insight_request(const Frame& frame);
base::Result<InsightAnswer> read_insight_answer(const Frame& frame);

}  // namespace outbox
