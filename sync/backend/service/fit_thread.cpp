// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/fit_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "drivers/base/limits_fitconnect.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

constexpr std::chrono::milliseconds fit_step_ms{1'000};

http::ClientOptions options_of(http::Origin origin, int cancel_fd) {
    http::ClientOptions options;
    options.origin = std::move(origin);
    options.cancel_fd = cancel_fd;
    options.request_ms_max = limits::fit_request_ms_max;
    return options;
}

}  // namespace

class FitThread::Line final : public FitLine {
  public:
    Line(const http::Origin& origin, int cancel_fd, http::TlsContext& tls, port::Clock& clock)
        : client_(options_of(origin, cancel_fd), tls, clock) {}
    base::Result<http::Response> send(const http::Request& request) override {
        return client_.send(request);
    }
    void renew() override { client_.disconnect(); }

  private:
    http::Client client_;
};

base::Result<std::unique_ptr<FitThread>> FitThread::start(Parts parts) {
    const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) {
        return base::fail(base::Errc::file_io, "fitconnect.eventfd",
                          static_cast<std::uint32_t>(errno));
    }
    http::Socket cancel(fd);
    auto random = std::make_unique<crypto::SystemRandom>();
    port::Clock& clock = parts.clock;
    TRY(tls, http::TlsContext::make(
                 http::TlsSide::web_client, {parts.trust_anchors, {}, {}},
                 [&clock] { return http::window_of_clock(clock.wall_ms()); }, *random));
    return std::unique_ptr<FitThread>(
        new FitThread(std::move(parts), std::move(cancel), std::move(random), std::move(tls)));
}

FitThread::FitThread(Parts parts, http::Socket cancel, std::unique_ptr<crypto::SystemRandom> random,
                     std::unique_ptr<http::TlsContext> tls)
    : parts_(std::move(parts)),
      cancel_(std::move(cancel)),
      random_(std::move(random)),
      tls_(std::move(tls)),
      opener_(parts_.views_keys, *random_),
      issuer_(parts_.issuer, {parts_.receipt_key, parts_.clock, *random_}),
      desk_({*parts_.store, opener_, parts_.directory, issuer_, parts_.clock}),
      api_(std::make_unique<Line>(parts_.account.api, cancel_.get(), *tls_, parts_.clock)),
      token_(std::make_unique<Line>(parts_.account.token, cancel_.get(), *tls_, parts_.clock)),
      service_({*api_, *token_, parts_.account, parts_.clock}),
      submitter_({*parts_.store, service_, parts_.account,
                  [this](const Submission& row) { return text_of(row); },
                  [this](const Submission& row) { return acknowledge(row); }, parts_.clock,
                  *random_}),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

FitThread::~FitThread() {
    thread_.request_stop();
    constexpr std::uint64_t one = 1;
    // Cannot fail: the counter is far from its bound.
    [[maybe_unused]] const auto written = ::write(cancel_.get(), &one, sizeof one);
}

base::Result<std::string> FitThread::text_of(const Submission& row) {
    TRY(item, desk_.item(row.authority, row.declaration));
    return model::JsonWriter()
        .text("$schema", parts_.account.data_schema)
        .number("n", row.n)
        .text("change", row.token)
        .raw("item", item ? *item : "null")
        .done();
}

base::Result<void> FitThread::acknowledge(const Submission& row) {
    // What the authority has said itself says more.
    const std::string today = german_day(parts_.clock.wall_ms());
    TRY(item, find_case(*parts_.store, row.authority, row.declaration, today));
    if (!item || (item->status && item->status->state != "received")) return {};
    TRY_VOID(
        desk_.settle(row.authority, row.declaration, {receipts::AppliedState::acknowledged, ""}));
    return {};
}

void FitThread::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        // A failed step is tried again with the next one; what it had claimed comes back.
        const auto done = submitter_.step();
        if (!done) base::log_error(done.error());
        if (done && *done > 0) continue;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, fit_step_ms, [] { return false; });
    }
}

}  // namespace backend
