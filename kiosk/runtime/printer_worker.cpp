// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/printer_worker.hpp"

#include <chrono>
#include <utility>

#include "drivers/base/log.hpp"
#include "drivers/base/secret.hpp"
#include "kiosk/runtime/wipe_stack.hpp"
#include "kiosk/slip/draw.hpp"
#include "sync/model/times.hpp"

namespace runtime {
namespace {

/// A stop ends the wait; nothing else but a job does.
constexpr std::chrono::hours job_wait{24};

void wipe_text(std::string& text) {
    base::wipe_memory(text.data(), text.size());
    text.clear();
}

}  // namespace

PrinterWorker::PrinterWorker(Parts parts)
    : parts_(std::move(parts)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

PrinterWorker::~PrinterWorker() = default;

void PrinterWorker::print(core::PrintSlip effect, std::string language, core::Date today) {
    const core::Ticket ticket = effect.ticket;
    if (jobs_.push({std::move(effect), std::move(language), today})) return;
    parts_.mailbox.post(core::SlipFailed{ticket, base::Errc::busy});
}

void PrinterWorker::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        auto job = jobs_.pop(stop, job_wait);
        if (!job) continue;
        const core::Ticket ticket = job->effect.ticket;
        const auto printed = perform(*job);
        wipe_text(job->effect.slip.take_back);
        job.reset();
        wipe_stack();
        if (printed) {
            parts_.mailbox.post(core::SlipPrinted{ticket});
            continue;
        }
        base::log_error(printed.error());
        parts_.mailbox.post(core::SlipFailed{ticket, printed.error().code});
    }
}

/// The fonts are opened for each slip: it takes some milliseconds, and between two of them nothing
/// is kept that a slip was made of.
base::Result<void> PrinterWorker::perform(Job& job) {
    TRY(engine, text::Engine::open(parts_.fonts));
    const core::Slip& codes = job.effect.slip;
    slip::Order order{codes.check, codes.take_back, job.language, model::to_text(job.today)};
    auto parts = slip::contents_of(parts_.locales, order);
    auto image = slip::draw(engine, parts);
    wipe_text(order.take_back);
    for (slip::Part& part : parts) {
        if (auto* code = std::get_if<slip::Code>(&part)) wipe_text(code->payload);
    }
    if (!image) return tl::unexpected(image.error());
    auto printed = parts_.printer.print(*image);
    base::wipe(image->rows);
    return printed;
}

}  // namespace runtime
