// SPDX-License-Identifier: EUPL-1.2
// The site's eID service as the terminal sees it: it holds the terminal's key and signs on request.
// Behind it are a socket, syncd and a network, so every call may fail and none may be waited for
// without end. Card thread in the kiosk, the signer's thread in syncd; one call at a time.
#pragma once

#include <string_view>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace port {

class SigningService {
  public:
    virtual ~SigningService() = default;

    /// The terminal's CV certificate of today and those of its authorities: DER, any order,
    /// 1..limits::certificate_pool_max of limits::certificate_bytes_max bytes at most.
    /// errors  network_unreachable, network_timeout, tls_failed, tls_peer_refused, http_bad,
    ///         http_status, message_bad, busy, cancelled.
    virtual base::Result<std::vector<base::Bytes>> certificates() = 0;

    /// Has `message` signed for terminal authentication.
    /// holder   certificate holder reference of the terminal certificate that the card was shown:
    ///          a service that has renewed it meanwhile must not sign with the next key.
    /// returns  r || s as the service gave it: not yet checked.
    /// errors   as above; signer_failed (it knows no such holder, or refuses).
    virtual base::Result<base::Bytes> sign(std::string_view holder, base::ByteView message) = 0;
};

}  // namespace port
