// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/insight_frame.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/limits_insight.hpp"

namespace outbox {
namespace {

auto bad_insight() {
    return base::fail(base::Errc::message_bad, "insight frame");
}

}  // namespace

base::Bytes write_insight_request(const AskInsight& request) {
    CHECK(is_set_text(request.jwe));
    CHECK(request.jwe.size() <= limits::insight_body_bytes_max);
    return frame_of(Type::ask_insight, base::as_bytes(request.jwe));
}

base::Bytes write_insight_answer(const InsightAnswer& answer) {
    return std::visit(base::Overloaded{[](const Insight& a) {
                                           CHECK(is_set_text(a.jwe));
                                           CHECK(a.jwe.size() <= limits::insight_answer_bytes_max);
                                           return frame_of(Type::insight, base::as_bytes(a.jwe));
                                       },
                                       [](const InsightRefused& a) {
                                           base::Bytes payload;
                                           base::append_u16(payload, a.errc);
                                           return frame_of(Type::insight_refused, payload);
                                       }},
                      answer);
}

base::Result<AskInsight> read_insight_request(const Frame& frame) {
    if (frame.type != Type::ask_insight || !is_set_text(frame.payload)) return bad_insight();
    return AskInsight{frame.payload};
}

base::Result<InsightAnswer> read_insight_answer(const Frame& frame) {
    if (frame.type == Type::insight && is_set_text(frame.payload)) return Insight{frame.payload};
    if (frame.type != Type::insight_refused || frame.payload.size() != 2) return bad_insight();
    const std::uint16_t errc = base::read_u16(base::as_bytes(frame.payload));
    if (errc == 0) return bad_insight();
    return InsightRefused{errc};
}

}  // namespace outbox
