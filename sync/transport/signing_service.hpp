// SPDX-License-Identifier: EUPL-1.2
// The site's eID service over HTTPS with mutual TLS: two calls. Ours, because the norm for eID
// servers (TR-03130) leaves the server alone with the card, and here the terminal reads it.
//
//   GET  /v1/terminal-authentication/certificates
//     200 {"certificates":[base64url of DER, ...]}
//   POST /v1/terminal-authentication/signatures
//     {"holder":"DETESTAT00001","message":base64url}
//     200 {"signature":base64url of r || s};  404 no such holder, 403 not for this terminal
// Blocking with the client's deadlines, one thread.
#pragma once

#include <string_view>

#include "drivers/port/signing_service.hpp"
#include "sync/http/client.hpp"

namespace transport {

class SigningService final : public port::SigningService {
  public:
    /// client outlives this object; give it limits::sign_request_ms_max.
    explicit SigningService(http::Client& client) : client_(client) {}

    /// errors (both)  those of http::Client::send; busy (429, 503), signer_failed (403, 404),
    ///                http_status (any other; detail = status), message_bad.
    base::Result<std::vector<base::Bytes>> certificates() override;
    base::Result<base::Bytes> sign(std::string_view holder, base::ByteView message) override;

  private:
    base::Result<http::Response> send(const http::Request& request);

    http::Client& client_;
};

}  // namespace transport
