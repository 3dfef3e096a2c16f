// SPDX-License-Identifier: EUPL-1.2
// The way to FIT-Connect on a thread of its own, with its own database connection, random source
// and TLS, so that a slow service there never keeps anybody waiting here. Only instances with the
// views role have one: what is sealed anew must be opened first.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "drivers/crypto/random.hpp"
#include "sync/backend/authorities/desk.hpp"
#include "sync/backend/fitconnect/submitter.hpp"
#include "sync/http/socket.hpp"

namespace backend {

class FitThread {
  public:
    struct Parts {
        std::unique_ptr<Store> store;
        std::span<const crypto::KeyPair> views_keys;
        const crypto::KeyPair& receipt_key;
        std::string issuer;
        const Directory& directory;
        FitAccount account;
        base::ByteView trust_anchors;  ///< PEM; who certifies FIT-Connect's servers
        port::Clock& clock;
    };
    /// errors  file_io (no descriptor left), certificate_bad, tls_failed.
    static base::Result<std::unique_ptr<FitThread>> start(Parts parts);
    ~FitThread();
    FitThread(const FitThread&) = delete;
    FitThread& operator=(const FitThread&) = delete;

  private:
    class Line;
    FitThread(Parts parts, http::Socket cancel, std::unique_ptr<crypto::SystemRandom> random,
              std::unique_ptr<http::TlsContext> tls);
    base::Result<std::string> text_of(const Submission& row);
    base::Result<void> acknowledge(const Submission& row);
    void run(const std::stop_token& stop);

    Parts parts_;
    http::Socket cancel_;  ///< an eventfd, readable at the end: no request outlives it
    std::unique_ptr<crypto::SystemRandom> random_;
    std::unique_ptr<http::TlsContext> tls_;
    Opener opener_;
    ReceiptIssuer issuer_;
    Desk desk_;
    std::unique_ptr<Line> api_;
    std::unique_ptr<Line> token_;
    FitService service_;
    Submitter submitter_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // last: stops before everything it uses
};

}  // namespace backend
