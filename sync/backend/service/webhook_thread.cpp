// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/webhook_thread.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/log.hpp"
#include "sync/http/writer.hpp"

namespace backend {
namespace {

constexpr int look_again_ms = 500;
/// Tokens that one receiver gets before the next one has its turn.
constexpr unsigned turn_tokens_max = 50;

}  // namespace

struct WebhookThread::Receiver {
    std::string authority;
    std::string path;
    std::unique_ptr<http::TlsContext> tls;
    std::unique_ptr<http::Client> client;
};

base::Result<std::unique_ptr<WebhookThread>> WebhookThread::start(Parts parts) {
    const Directory& directory = parts.directory;
    const http::TlsMaterial material = parts.material;
    std::unique_ptr<WebhookThread> made(new WebhookThread(std::move(parts)));
    if (made->cancel_.get() < 0) {
        return base::fail(base::Errc::device_failed, "webhook.eventfd",
                          static_cast<std::uint32_t>(errno));
    }
    TRY_VOID(made->add_receivers(directory, material));
    WebhookThread& self = *made;
    self.thread_ = std::jthread([&self](const std::stop_token& stop) { self.run(stop); });
    return made;
}

WebhookThread::WebhookThread(Parts parts)
    : store_(std::move(parts.store)),
      clock_(parts.clock),
      background_(parts.background),
      cancel_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    std::array<std::uint8_t, 16> id{};
    random_.fill(id);
    name_ = base::to_hex(id);
}

WebhookThread::~WebhookThread() {
    thread_.request_stop();
    if (cancel_.get() >= 0) (void)eventfd_write(cancel_.get(), 1);  // full only if it is readable
}

base::Result<void> WebhookThread::add_receivers(const Directory& directory,
                                                const http::TlsMaterial& material) {
    for (const auto& [id, authority] : directory.all()) {
        if (!authority.webhook) continue;
        auto receiver = std::make_unique<Receiver>();
        receiver->authority = id;
        receiver->path = authority.webhook->path;
        TRY(tls, http::TlsContext::make(
                     http::TlsSide::client, material,
                     [this] { return http::window_of_clock(clock_.wall_ms()); }, random_));
        receiver->tls = std::move(tls);
        http::ClientOptions options;
        options.origin = authority.webhook->origin;
        options.cancel_fd = cancel_.get();
        options.request_ms_max = limits::webhook_request_ms_max;
        // RFC 8935 2.2: the status says it; whatever else the receiver sends changes nothing.
        options.wanted = http::Wanted::status;
        receiver->client =
            std::make_unique<http::Client>(std::move(options), *receiver->tls, clock_);
        receivers_.push_back(std::move(receiver));
    }
    return {};
}

void WebhookThread::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        bool more = false;
        for (const auto& receiver : receivers_) {
            for (unsigned i = 0; i < turn_tokens_max && !stop.stop_requested(); ++i) {
                const auto took = serve(*receiver);
                if (!took) base::log_error(took.error());
                if (!took || !*took) break;
                more = more || i + 1 == turn_tokens_max;
            }
        }
        if (more) continue;
        pollfd wake{cancel_.get(), POLLIN, 0};
        (void)poll(&wake, 1, look_again_ms);  // woken early or not, it looks again
    }
    if (const auto ended = release_leases(*store_, holder()); !ended) {
        base::log_error(ended.error());
    }
}

base::Result<bool> WebhookThread::serve(Receiver& receiver) {
    TRY(delivery, next_delivery(*store_, receiver.authority, holder()));
    if (!delivery) return false;
    http::Request request;
    request.method = http::Method::post;
    request.path = receiver.path;
    request.headers = {{"content-type", "application/secevent+jwt"},
                       {"accept", "application/json"}};
    request.body = delivery->token;
    const auto response = receiver.client->send(request);
    const unsigned status = response ? response->status : 0;
    base::log(base::LogEvent::webhook_sent, {{"status", std::int64_t{status}}});
    if (status >= 200 && status < 300) {
        ++background_.webhooks_sent;
        TRY_VOID(delivered(*store_, receiver.authority, holder(), delivery->n));
        return true;
    }
    if (!response) {
        if (response.error().code == base::Errc::cancelled) return false;
        base::log_error(response.error());
    }
    ++background_.webhooks_failed;
    // RFC 8935 2.3: with 400 the receiver says that this token is wrong for it.
    if (status == 400 && delivery->attempts + 1 >= limits::webhook_refusals_max) {
        TRY_VOID(pass_over(*store_, receiver.authority, holder(), delivery->n));
        return true;
    }
    const std::uint64_t asked_for_ms =
        response ? http::retry_after_ms(*response, clock_.wall_ms(), limits::webhook_wait_ms_max)
                       .value_or(0)
                 : 0;
    TRY_VOID(
        postpone(*store_, receiver.authority, holder(), wait_ms(delivery->attempts, asked_for_ms)));
    return false;
}

std::uint64_t WebhookThread::wait_ms(unsigned attempts, std::uint64_t asked_for_ms) {
    // 2^10 seconds are beyond the longest wait.
    const std::uint64_t top = std::min(limits::webhook_wait_ms_max,
                                       limits::webhook_wait_ms_min << std::min(attempts + 1, 10U));
    std::array<std::uint8_t, 8> bytes{};
    random_.fill(bytes);
    const std::uint64_t jitter = base::read_u64(bytes) % (top - limits::webhook_wait_ms_min + 1);
    return std::max(limits::webhook_wait_ms_min + jitter, asked_for_ms);
}

}  // namespace backend
