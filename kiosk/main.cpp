// SPDX-License-Identifier: EUPL-1.2
// freigabe-kiosk: builds everything once and hands it over; from then on nobody reaches for
// anything. Order of construction is order of dependence, so the reverse order of release is safe:
// the loop ends first, then the workers, then the window.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/log.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/none/printer.hpp"
#include "drivers/none/slip_reader.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/printer/raster_printer.hpp"
#include "drivers/scanner/serial_scanner.hpp"
#include "kiosk/runtime/loop.hpp"
#include "kiosk/runtime/printer_worker.hpp"
#include "kiosk/runtime/renewable_authenticator.hpp"
#include "kiosk/runtime/renewer.hpp"
#include "kiosk/runtime/slip_worker.hpp"
#include "kiosk/runtime/terminal_place.hpp"
#include "kiosk/view/wording.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::string_view usage =
    "usage: freigabe-kiosk --state DIR --config FILE [--window] [--locales DIR] [--fonts DIR]\n"
    "         [--slip-reader PATH]\n"
    "  --state DIR    terminal.json, trust.json, catalogue.jws, keys/ and journal.db\n"
    "  --config FILE  kiosk.json; card certificates are found relative to it\n"
    "  --window       a window instead of the whole display\n"
    "  --locales DIR  compiled locales (default: ../share/locales beside the program)\n"
    "  --fonts DIR    Noto fonts (default: /usr/share/fonts/truetype/noto)\n"
    "  --slip-reader PATH  serial line of the reader for slips, in place of the one in "
    "kiosk.json\n";

struct Arguments {
    fs::path state;
    fs::path config;
    fs::path locales;
    std::string slip_reader;
    std::string fonts = "/usr/share/fonts/truetype/noto";
    shell::Mode mode = shell::Mode::fullscreen;
};

std::optional<Arguments> parse(const std::vector<std::string_view>& words) {
    Arguments out;
    std::error_code error;
    out.locales = fs::read_symlink("/proc/self/exe", error).parent_path() / "../share/locales";
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "--window") {
            out.mode = shell::Mode::window;
            continue;
        }
        if (i + 1 == words.size()) return std::nullopt;
        const std::string_view name = words[i];
        const std::string_view value = words[++i];
        if (name == "--state")
            out.state = value;
        else if (name == "--config")
            out.config = value;
        else if (name == "--locales")
            out.locales = value;
        else if (name == "--fonts")
            out.fonts = value;
        else if (name == "--slip-reader" && value.starts_with('/'))
            out.slip_reader = value;
        else
            return std::nullopt;
    }
    if (out.state.empty() || out.config.empty()) return std::nullopt;
    return out;
}

/// No core dump and no debugger: both would write down what a citizen sees (K0, I15).
void forbid_dumps() {
    const rlimit none{0, 0};
    CHECK(setrlimit(RLIMIT_CORE, &none) == 0);
    CHECK(prctl(PR_SET_DUMPABLE, 0) == 0);
}

int report(const char* what, const base::Error& error) {
    base::log_error(error);
    std::fprintf(stderr, "freigabe-kiosk: %s: %s at %s (%u)\n", what,
                 std::string(base::name(error.code)).c_str(), error.where, error.detail);
    return 1;
}

/// Everything that needs a window to be told about if it fails.
struct Kiosk {
    const Arguments& arguments;
    const runtime::TerminalFiles& files;
    const i18n::Locales& locales;
    shell::Window& window;
    os::SystemClock clock;
    runtime::Mailbox mailbox;
    std::atomic<std::uint64_t> floor_ms;
    std::atomic<std::uint64_t> log_size;  ///< largest that the journal has verified

    base::Result<void> serve();
    [[nodiscard]] std::unique_ptr<port::SlipReader> slip_reader() const {
        if (files.kiosk.slip_reader.empty()) return std::make_unique<none::SlipReader>();
        return std::make_unique<scanner::SerialScanner>(
            scanner::SerialOptions{.path = files.kiosk.slip_reader}, clock);
    }
    [[nodiscard]] std::unique_ptr<port::Printer> slip_printer() const {
        if (files.kiosk.printer.empty()) return std::make_unique<none::Printer>();
        return std::make_unique<printer::RasterPrinter>(
            printer::RasterOptions{.path = files.kiosk.printer});
    }
    /// Nothing with a remote signer: it brings its own certificate.
    [[nodiscard]] std::optional<base::Bytes> terminal_point(port::KeyStore& keys) const {
        if (files.kiosk.card.signer == runtime::SignerPlace::remote) return std::nullopt;
        auto point = keys.public_point("terminal");
        return point ? std::optional(std::move(*point)) : std::nullopt;
    }
};

base::Result<void> Kiosk::serve() {
    crypto::SystemRandom random;
    floor_ms = files.terminal.time_floor_ms;
    const keys::KeyPlace key_place{arguments.state / "keys", files.kiosk.token};
    TRY(keys, keys::open_key_store(key_place, random));
    TRY(identity, runtime::card_identity(arguments.config, files));
    TRY(service, runtime::open_signing_service(arguments.state, files, clock));
    const runtime::AuthenticatorPorts signer{*keys, service.get()};
    TRY(authenticator, runtime::RenewableAuthenticator::create(identity.certificates, signer));
    mailbox.on_post([this] { window.wake(); });
    TRY(settings, runtime::journal_settings(arguments.state, files));
    settings.downstream = runtime::downstream_settings(arguments.state, files, identity);
    runtime::Renewer renewer({arguments.state, files, identity, terminal_point(*keys)}, clock);
    // The journal thread has its own view of the keys: neither mbedTLS contexts nor sessions with a
    // token are shared between threads.
    crypto::SystemRandom journal_random;
    TRY(journal_keys, keys::open_key_store(key_place, journal_random));
    crypto::SystemRandom insight_random;
    TRY(insight_keys, keys::open_key_store(key_place, insight_random));
    TRY(insight_place, runtime::insight_settings(arguments.state, files));
    TRY(insight, runtime::InsightWorker::start(std::move(insight_place),
                                               {mailbox, *insight_keys, clock, log_size}));
    TRY(journal, runtime::JournalWorker::start(
                     std::move(settings), {mailbox, *journal_keys, clock,
                                           [this](std::uint64_t floor) {
                                               if (floor > floor_ms.load()) floor_ms = floor;
                                           },
                                           [this](std::uint64_t size) { log_size = size; },
                                           [this, &renewer](const downstream::Manifest& manifest) {
                                               renewer.announce(manifest);
                                               window.wake();
                                           },
                                           [&insight](const downstream::BackendFile& backend) {
                                               insight->believe(backend.views, backend.receipts);
                                           }}));
    const auto reader = slip_reader();
    runtime::SlipWorker slips({*reader, *journal, mailbox, floor_ms});
    const auto paper = slip_printer();
    runtime::PrinterWorker printing({*paper, locales, mailbox, arguments.fonts});
    runtime::Renewed now = renewer.make(floor_ms.load());
    runtime::CardWorker card(
        {identity.settings.sector_key, now.card.trusted_csca}, now.card.block_list,
        {mailbox, *authenticator, clock, [&authenticator](const auto& certificates) {
             return authenticator->renew(certificates);
         }});
    card.renew(std::move(now.card));
    runtime::Loop loop({std::move(now.setup), runtime::site_of(files), now.catalogue},
                       {window, mailbox, card, *journal, *insight, printing, slips, locales, clock,
                        floor_ms, renewer});
    loop.run();
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = parse({argv, argv + argc});
    if (!arguments) {
        std::fputs(usage.data(), stderr);
        return 2;
    }
    forbid_dumps();
    base::log(base::LogEvent::program_started);
    auto files = runtime::read_terminal(arguments->state, arguments->config);
    if (!files) return report("this terminal is not set up", files.error());
    if (!arguments->slip_reader.empty()) files->kiosk.slip_reader = arguments->slip_reader;
    const auto locales = i18n::Locales::load(arguments->locales, files->kiosk.languages);
    if (!locales) return report("locales", locales.error());
    const auto& panel = files->kiosk.panel;
    const shell::Options options{
        .panel = {static_cast<int>(panel.width_px), static_cast<int>(panel.height_px),
                  panel.um_per_px / 1000.0},
        .mode = arguments->mode,
        .title = "Freigabe",
        .font_directory = arguments->fonts};
    auto window =
        shell::Window::open(options, [&](const view::Text& text, const std::string& language) {
            return view::wording(*locales, language, text);
        });
    if (!window) return report("display", window.error());

    Kiosk kiosk{*arguments, *files, *locales, **window, {}, {}, {}, {}};
    if (const auto served = kiosk.serve(); !served) {
        report("out of service", served.error());
        runtime::run_out_of_service(served.error().code, runtime::setup_of(*files),
                                    runtime::site_of(*files), **window, kiosk.clock);
        return 1;
    }
    base::log(base::LogEvent::program_stopped);
    return 0;
}
