// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/insight_carrier.hpp"

#include <utility>

#include "drivers/base/limits_insight.hpp"
#include "drivers/base/log.hpp"
#include "sync/syncd/asked.hpp"

namespace syncd {
namespace {

outbox::InsightAnswer no_insight(const base::Error& error) {
    base::log_error(error);
    return outbox::InsightRefused{static_cast<std::uint16_t>(error.code)};
}

}  // namespace

outbox::InsightAnswer InsightCarrier::answer(const outbox::AskInsight& request) {
    auto sealed = backend_.ask_insight(request.jwe);
    if (!sealed) return no_insight(sealed.error());
    // What is no sealed text at all is not carried on: the frame has a form to keep.
    if (sealed->size() > limits::insight_answer_bytes_max || !outbox::is_set_text(*sealed)) {
        return no_insight({base::Errc::message_bad, "insight answer", 0});
    }
    return outbox::Insight{std::move(*sealed)};
}

void InsightCarrier::run(int stop_fd) {
    serve_kiosk({path_, limits::insight_answer_ms_max,
                 [this](const outbox::Frame& frame) -> base::Result<base::Bytes> {
                     TRY(request, outbox::read_insight_request(frame));
                     return outbox::write_insight_answer(answer(request));
                 }},
                clock_, stop_fd);
}

}  // namespace syncd
