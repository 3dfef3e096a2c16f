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
#include <memory>
#include <string>
#include <thread>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/usb/folder_store.hpp"
#include "sync/syncd/config.hpp"
#include "sync/syncd/file.hpp"
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
    const std::string& ca;
    const std::string& certificate;
    const std::string& key;
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
    if (::sigprocmask(SIG_BLOCK, &signals, nullptr) != 0) return Fd();
    const int fd = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? Fd() : Fd(fd);
}

/// Everything the signer's thread uses, made before it starts so that a wrong file ends the
/// program.
class SignerTask {
  public:
    /// floor_ms  read at each handshake, raised by the other thread.
    static base::Result<std::unique_ptr<SignerTask>> start(
        const syncd::SignerConfig& config, const std::atomic<std::uint64_t>& floor_ms,
        os::SystemClock& clock, int stop_fd) {
        std::unique_ptr<SignerTask> task(new SignerTask);
        const auto window = [&] { return http::window_of_floor(floor_ms.load(), clock.wall_ms()); };
        TRY(tls, load_tls({config.ca_path, config.certificate_path, config.key_path}, window,
                          task->random_));
        task->tls_ = std::move(tls);
        const http::ClientOptions options{config.origin, config.server_name, stop_fd,
                                          limits::sign_request_ms_max};
        task->thread_ = std::jthread(
            [&self = *task, options, &clock, path = config.kiosk_socket_path, stop_fd] {
                http::Client client(options, *self.tls_, clock);
                transport::SigningService service(client);
                syncd::Signer(path, service, clock).run(stop_fd);
            });
        return task;
    }

  private:
    SignerTask() = default;
    crypto::SystemRandom random_;
    std::unique_ptr<http::TlsContext> tls_;
    std::jthread thread_;  // last member: it ends before what it uses
};

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
    std::unique_ptr<SignerTask> signer;
    if (config.signer) {
        TRY(started, SignerTask::start(*config.signer, floor_ms, clock, stop.get()));
        signer = std::move(started);
    }
    http::Client client({config.backend, config.server_name, stop.get()}, *tls, clock);
    transport::Backend backend(client, config.terminal);
    outbox::Client kiosk(config.kiosk_socket_path, clock, stop.get());
    TRY(courier, open_courier(config, kiosk, clock));
    syncd::Loop loop({kiosk, backend, spool, clock, random, courier.get()}, config.pace);
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
