// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/signer.hpp"

#include <cstdint>
#include <utility>
#include <variant>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "sync/syncd/asked.hpp"

namespace syncd {
namespace {

using base::Errc;

outbox::SignAnswer refusal(const base::Error& error) {
    base::log_error(error);
    return outbox::SignRefused{static_cast<std::uint16_t>(error.code)};
}

bool has_right_sizes(const std::vector<base::Bytes>& certificates) {
    if (certificates.empty() || certificates.size() > limits::certificate_pool_max) return false;
    for (const base::Bytes& each : certificates) {
        if (each.empty() || each.size() > limits::certificate_bytes_max) return false;
    }
    return true;
}

}  // namespace

outbox::SignAnswer Signer::answer(const outbox::SignRequest& request) {
    return std::visit(
        base::Overloaded{[&](const outbox::AskCertificates&) -> outbox::SignAnswer {
                             auto certificates = service_.certificates();
                             if (!certificates) return refusal(certificates.error());
                             if (!has_right_sizes(*certificates))
                                 return refusal({Errc::message_bad, "signer's certificates", 0});
                             return outbox::Certificates{std::move(*certificates)};
                         },
                         [&](const outbox::Sign& r) -> outbox::SignAnswer {
                             auto signature = service_.sign(r.holder, r.message);
                             if (!signature) return refusal(signature.error());
                             if (signature->empty() ||
                                 signature->size() > limits::signature_bytes_max)
                                 return refusal({Errc::message_bad, "signer's signature", 0});
                             return outbox::Signature{std::move(*signature)};
                         }},
        request);
}

void Signer::run(int stop_fd) {
    serve_kiosk({path_, limits::sign_answer_ms_max,
                 [this](const outbox::Frame& frame) -> base::Result<base::Bytes> {
                     TRY(request, outbox::read_sign_request(frame));
                     return outbox::write_sign_answer(answer(request));
                 }},
                clock_, stop_fd);
}

}  // namespace syncd
