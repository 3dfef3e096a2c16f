// SPDX-License-Identifier: EUPL-1.2
#include "sync/outbox/insight_socket.hpp"

#include <utility>

#include "drivers/base/limits_insight.hpp"

namespace outbox {

base::Result<InsightSocket> InsightSocket::open(const Options& options, port::Clock& clock) {
    TRY(socket, AskingSocket::open(options, clock));
    return InsightSocket(std::move(socket));
}

base::Result<std::string> InsightSocket::ask(std::string jwe, int cancel_fd) {
    const base::Bytes request = write_insight_request({std::move(jwe)});
    TRY(frame, socket_.ask(request, {limits::insight_answer_ms_max, cancel_fd,
                                     limits::insight_connect_ms_max}));
    TRY(answer, read_insight_answer(frame));
    if (auto* insight = std::get_if<Insight>(&answer)) return std::move(insight->jwe);
    const auto code = base::errc_of(std::get<InsightRefused>(answer).errc);
    if (!code) return base::fail(base::Errc::message_bad, "insight refusal");
    return base::fail(*code, "insight through syncd");
}

}  // namespace outbox
