package dev.lair.server.statistics;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the counting behind every handler. */
@Configuration(proxyBeanMethods = false)
class StatisticsConfiguration implements WebMvcConfigurer {

    private final DownloadCount downloads;

    StatisticsConfiguration(DownloadCount downloads) {
        this.downloads = downloads;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(downloads);
    }
}
