// SPDX-License-Identifier: EUPL-1.2
// freigabe-syncd CONFIG.json: carries sealed bytes between the kiosk's socket and the backend. It
// has its own spool and its TLS key, and nothing that opens a record: neither the journal file nor
// a key to what is sealed in it. SIGTERM or SIGINT end it at the next wait; whatever was under way
// is in the spool or still in the journal.
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_insight.hpp"
#include "drivers/base/log.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/usb/folder_store.hpp"
#include "sync/syncd/config.hpp"
#include "sync/syncd/file.hpp"
#include "sync/syncd/insight_carrier.hpp"
#include "sync/syncd/loop.hpp"
#include "sync/syncd/signer.hpp"
#include "sync/transport/signing_service.hpp"

namespace {

/// PEM chains of a few certificates; see limits::certificate_bytes_max.
constexpr std::size_t material_bytes_max = 65'536;

void close_fd(int fd) {
    (void)::close(fd);
}
using Fd = base::Handle<int, close_fd>;

struct TlsFiles {
    std::string ca;
    std::string certificate;
    std::string key;
};

base::Result<std::unique_ptr<http::TlsContext>> load_tls(const TlsFiles& files,
                                                         std::function<http::TimeWindow()> window,
                                                         port::Random& random) {
    TRY(ca, syncd::read_file(files.ca, material_bytes_max));
    TRY(certificate, syncd::read_file(files.certificate, material_bytes_max));
    TRY(key, keys::read_file(files.key, material_bytes_max, keys::Access::owner_only));
    auto context = http::TlsContext::make(http::TlsSide::client,
                                          {base::as_bytes(ca), base::as_bytes(certificate), key},
                                          std::move(window), random);
    base::wipe(key);
    return context;
}

/// Blocks the two signals and makes them readable: every wait of this program watches the
/// descriptor.
Fd stop_descriptor() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) return Fd();
    const int fd = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? Fd() : Fd(fd);
}

/// A thread that answers the kiosk over a connection of its own. All that can fail is done before
/// start(): a thread that runs ends by the stop descriptor only.
class AskedTask {
  public:
    struct Place {
        TlsFiles tls;
        http::ClientOptions client;
    };
    using Serve = std::function<void(http::Client&)>;
    /// floor_ms  read at each handshake, raised by the other thread. serve ends when the client's
    ///           stop descriptor is readable.
    static base::Result<std::unique_ptr<AskedTask>> make(const Place& place,
                                                         const std::atomic<std::uint64_t>& floor_ms,
                                                         os::SystemClock& clock, Serve serve) {
        std::unique_ptr<AskedTask> task(new AskedTask(place.client, clock, std::move(serve)));
        const auto window = [&] { return http::window_of_floor(floor_ms.load(), clock.wall_ms()); };
        TRY(tls, load_tls(place.tls, window, task->random_));
        task->tls_ = std::move(tls);
        return task;
    }
    void start() {
        thread_ = std::jthread([this] {
            http::Client client(options_, *tls_, clock_);
            serve_(client);
        });
    }

  private:
    AskedTask(http::ClientOptions options, os::SystemClock& clock, Serve serve)
        : options_(std::move(options)), clock_(clock), serve_(std::move(serve)) {}
    http::ClientOptions options_;
    os::SystemClock& clock_;
    Serve serve_;
    crypto::SystemRandom random_;
    std::unique_ptr<http::TlsContext> tls_;
    std::jthread thread_;  // last member: it ends before what it uses
};

/// What the main thread shares with the others.
struct Shared {
    const std::atomic<std::uint64_t>& floor_ms;
    os::SystemClock& clock;
    int stop_fd;
};

base::Result<std::unique_ptr<AskedTask>> make_signer(const syncd::SignerConfig& config,
                                                     const Shared& shared) {
    const http::ClientOptions options{config.origin, config.server_name, shared.stop_fd,
                                      limits::sign_request_ms_max};
    return AskedTask::make({{config.ca_path, config.certificate_path, config.key_path}, options},
                           shared.floor_ms, shared.clock,
                           [shared, path = config.kiosk_socket_path](http::Client& client) {
                               transport::SigningService service(client);
                               syncd::Signer(path, service, shared.clock).run(shared.stop_fd);
                           });
}

base::Result<std::unique_ptr<AskedTask>> make_insight(const syncd::Config& config,
                                                      const Shared& shared) {
    const http::ClientOptions options{config.backend, config.server_name, shared.stop_fd,
                                      limits::insight_request_ms_max};
    return AskedTask::make(
        {{config.ca_path, config.certificate_path, config.key_path}, options}, shared.floor_ms,
        shared.clock,
        [shared, path = config.insight_socket_path, terminal = config.terminal](http::Client& c) {
            transport::Backend backend(c, terminal);
            syncd::InsightCarrier(path, backend, shared.clock).run(shared.stop_fd);
        });
}

base::Result<std::unique_ptr<syncd::CourierDesk>> open_courier(const syncd::Config& config,
                                                               outbox::Client& kiosk,
                                                               port::Clock& clock) {
    if (!config.courier) return std::unique_ptr<syncd::CourierDesk>();
    const auto open_stick =
        [path = config.courier->stick_path,
         mount = config.courier->any_folder
                     ? usb::Mount::any
                     : usb::Mount::stick]() -> base::Result<std::unique_ptr<port::UsbStore>> {
        TRY(store, usb::FolderStore::open(path, mount));
        return std::unique_ptr<port::UsbStore>(new usb::FolderStore(std::move(store)));
    };
    return syncd::CourierDesk::open(
        {config.terminal, config.courier->stick_path, config.courier->requests_path,
         config.courier->approvers_path, config.spool_path + "/courier.json"},
        {kiosk, clock, open_stick});
}

base::Result<void> run(const char* config_path) {
    TRY(text, syncd::read_file(config_path, material_bytes_max));
    TRY(config, syncd::parse_config(text));
    TRY(spool, syncd::Spool::open(config.spool_path));
    const Fd stop = stop_descriptor();
    if (!stop.has_value()) return base::fail(base::Errc::device_failed, "syncd signals");

    os::SystemClock clock;
    crypto::SystemRandom random;
    std::atomic<std::uint64_t> floor_ms = std::max(config.time_floor_ms, spool.time_floor_ms());
    const auto window = [&] {
        floor_ms = std::max(floor_ms.load(), spool.time_floor_ms());
        return http::window_of_floor(floor_ms, clock.wall_ms());
    };
    TRY(tls, load_tls({config.ca_path, config.certificate_path, config.key_path}, window, random));
    const Shared shared{floor_ms, clock, stop.get()};
    std::unique_ptr<AskedTask> signer;
    if (config.signer) {
        TRY(made, make_signer(*config.signer, shared));
        signer = std::move(made);
    }
    TRY(insight, make_insight(config, shared));
    http::Client client({config.backend, config.server_name, stop.get()}, *tls, clock);
    transport::Backend backend(client, config.terminal);
    outbox::Client kiosk(config.kiosk_socket_path, clock, stop.get());
    TRY(courier, open_courier(config, kiosk, clock));
    syncd::Loop loop({kiosk, backend, spool, clock, random, courier.get()}, config.pace);
    if (signer) signer->start();
    insight->start();
    base::log(base::LogEvent::program_started, {{"version", "0.1.0"}});
    loop.run(stop.get());
    base::log(base::LogEvent::program_stopped, {{"reason", "signal"}});
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: freigabe-syncd CONFIG.json\n", stderr);
        return 2;
    }
    const auto done = run(argv[1]);
    if (done) return 0;
    base::log_error(done.error());
    return 1;
}
