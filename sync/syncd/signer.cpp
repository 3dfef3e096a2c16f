// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/signer.hpp"

#include <poll.h>

#include <cstdint>
#include <utility>
#include <variant>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"

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

/// One connection, until it ends.
base::Result<void> Signer::serve(int stop_fd) {
    TRY(socket, outbox::connect_to(path_));
    outbox::FrameReader reader(outbox::Towards::syncd);
    base::Bytes input;
    while (true) {
        TRY(received, outbox::receive_some(socket.get(), input));
        if (!received) {
            TRY_VOID(outbox::wait_for(socket.get(), POLLIN, {clock_, UINT64_MAX, stop_fd}));
            continue;
        }
        while (!input.empty()) {
            TRY(used, reader.feed(input));
            input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(used));
            if (!reader.done()) break;
            TRY(request, outbox::read_sign_request(reader.take()));
            const std::uint64_t deadline_ms = clock_.boot_ms() + limits::sign_answer_ms_max;
            TRY_VOID(outbox::send_all(socket.get(), outbox::write_sign_answer(answer(request)),
                                      {clock_, deadline_ms, stop_fd}));
        }
    }
}

void Signer::run(int stop_fd) {
    bool told = false;
    while (true) {
        const auto ended = serve(stop_fd);
        if (ended.error().code == Errc::cancelled) return;
        // A kiosk that is not there yet is no news every two seconds.
        const bool away = ended.error().code == Errc::network_unreachable;
        if (!away || !told) base::log_error(ended.error());
        told = away;
        pollfd stop{stop_fd, POLLIN, 0};
        if (::poll(&stop, 1, static_cast<int>(limits::sign_reconnect_ms)) > 0) return;
    }
}

}  // namespace syncd
