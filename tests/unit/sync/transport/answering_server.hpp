// SPDX-License-Identifier: EUPL-1.2
// A server over mutual TLS that gives one answer to everything and remembers the last request.
#pragma once

#include <mutex>

#include "sync/http/client.hpp"
#include "tests/unit/sync/http/tls_pair.hpp"

namespace test {

class AnsweringServer : public TlsPair {
  public:
    void answers(http::Response response) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(response);
    }
    http::Request last_request() {
        const std::lock_guard lock(mutex_);
        return last_;
    }
    /// How a client finds it.
    [[nodiscard]] http::ClientOptions options(std::uint32_t request_ms_max = UINT32_MAX) const {
        return {{"127.0.0.1", server_->port()}, "backend.test", -1, request_ms_max};
    }

  private:
    std::mutex mutex_;
    http::Request last_;
    http::Response answer_;
    FunctionHandler handler_{[this](const http::Request& request) {
        const std::lock_guard lock(mutex_);
        last_ = request;
        return answer_;
    }};
    std::unique_ptr<http::Server> server_ = listen(handler_);
    ServerThread thread_{*server_};
};

}  // namespace test
